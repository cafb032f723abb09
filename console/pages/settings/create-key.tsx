import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice, Field } from '../../components/field.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { useAction } from '../../components/use-action.ts';
import { createKey, revokeKey } from '../../data/keys.ts';

const LASTS = [
  ['90', '90 days'],
  ['365', '1 year'],
  ['never', 'for ever'],
] as const;
type Lasts = (typeof LASTS)[number][0];

/** Makes a key of the workspace, or, where none is given, of a named one or of all. */
export function CreateKey({ workspaceId }: { workspaceId: string | undefined }) {
  const [name, setName] = useState('');
  const [named, setNamed] = useState('');
  const [readOnly, setReadOnly] = useState(false);
  const [lasts, setLasts] = useState<Lasts>('90');
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAction({
    run: createKey,
    said: (_, made) => `${made.name} is a key of ${made.workspaceId ?? 'all workspaces'} from now on.`,
    undo:
      ({ id }) =>
      () =>
        revokeKey(id),
    changes: [['keys']],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(
      {
        name,
        workspaceId: workspaceId ?? (named.trim() || undefined),
        readOnly,
        expiresInDays: lasts === 'never' ? undefined : Number(lasts),
      },
      {
        onSuccess: ({ key }) => {
          setName('');
          setNamed('');
          setSecret(key);
        },
      },
    );
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field label="New key" isWide>
        <input
          type="text"
          required
          maxLength={100}
          placeholder="What it is for"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {workspaceId === undefined && (
        <Field label="Workspace">
          <input
            type="text"
            placeholder="all"
            value={named}
            onChange={(event) => setNamed(event.target.value)}
          />
        </Field>
      )}
      <Choice label="Lasts" value={lasts} options={LASTS} onChange={setLasts} />
      <Check label="Only reads" isChecked={readOnly} onChange={setReadOnly} />
      <Button type="submit" className="button button-primary" isDisabled={create.isPending}>
        Create key
      </Button>
      <SecretShownOnce title="Key" secret={secret} close={() => setSecret(null)} />
    </form>
  );
}
