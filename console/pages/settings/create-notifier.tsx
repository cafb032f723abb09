import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Choice, Field } from '../../components/field.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { useAction } from '../../components/use-action.ts';
import { type NewNotifier, notifierCalls } from '../../data/settings.ts';

const KINDS = [
  ['email', 'e-mail'],
  ['slack', 'chat, in Slack’s format'],
  ['webhook', 'signed webhook'],
] as const;

const EMPTY: NewNotifier = { name: '', kind: 'email', target: '' };

export function CreateNotifier({ workspaceId }: { workspaceId: string | undefined }) {
  const [notifier, setNotifier] = useState(EMPTY);
  const [secret, setSecret] = useState<string | null>(null);
  const calls = notifierCalls(workspaceId);
  const create = useAction({
    run: calls.create,
    said: ({ name }) => `${name} is notified from now on.`,
    undo:
      ({ id }) =>
      () =>
        calls.remove(id),
    changes: [['notifiers']],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate(notifier, {
      onSuccess: (created) => {
        setNotifier(EMPTY);
        setSecret(created.secret);
      },
    });
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field label="New notifier">
        <input
          type="text"
          required
          placeholder="On call"
          value={notifier.name}
          onChange={(event) => setNotifier({ ...notifier, name: event.target.value })}
        />
      </Field>
      <Choice
        label="By"
        value={notifier.kind}
        options={KINDS}
        onChange={(kind) => setNotifier({ ...notifier, kind })}
      />
      <Field label={notifier.kind === 'email' ? 'E-mail address' : 'URL'} isWide>
        <input
          type={notifier.kind === 'email' ? 'email' : 'url'}
          required
          value={notifier.target}
          onChange={(event) => setNotifier({ ...notifier, target: event.target.value })}
        />
      </Field>
      <Button type="submit" className="button button-primary" isDisabled={create.isPending}>
        Create
      </Button>
      <SecretShownOnce title="Secret of the notifier" secret={secret} close={() => setSecret(null)} />
    </form>
  );
}
