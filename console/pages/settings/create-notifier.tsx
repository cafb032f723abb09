import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Choice } from '../../components/field.tsx';
import { InputField } from '../../components/input-field.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { useAction } from '../../components/use-action.ts';
import { type NewNotifier, notifierCalls } from '../../data/settings.ts';
import { NotifierChoices } from './notifier-choices.tsx';

const KINDS = [
  ['email', 'e-mail'],
  ['slack', 'chat, in Slack’s format'],
  ['webhook', 'signed webhook'],
] as const;

/** The API's defaults. */
const EMPTY: NewNotifier = {
  name: '',
  kind: 'email',
  target: '',
  notices: ['dead-letter', 'needs-reconnect'],
  agendaHour: 7,
  summaryWeekday: 'mon',
};

export function CreateNotifier({ workspaceId }: { workspaceId: string | undefined }) {
  const [notifier, setNotifier] = useState(EMPTY);
  const [secret, setSecret] = useState<string | null>(null);
  const calls = notifierCalls(workspaceId);
  const create = useAction({
    run: calls.create,
    said: ({ name, status }) =>
      status === 'unconfirmed'
        ? `${name} was sent a code. It is notified once the code is entered here.`
        : `${name} is notified from now on.`,
    undo:
      ({ id }) =>
      () =>
        calls.remove(id),
    changes: [['notifiers']],
  });
  function change(changes: Partial<NewNotifier>) {
    setNotifier({ ...notifier, ...changes });
  }
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
      <InputField
        label="New notifier"
        required
        placeholder="On call"
        value={notifier.name}
        onChange={(name) => change({ name })}
      />
      <Choice label="By" value={notifier.kind} options={KINDS} onChange={(kind) => change({ kind })} />
      <InputField
        label={notifier.kind === 'email' ? 'E-mail address' : 'URL'}
        isWide
        type={notifier.kind === 'email' ? 'email' : 'url'}
        required
        value={notifier.target}
        onChange={(target) => change({ target })}
      />
      <NotifierChoices workspaceId={workspaceId} fields={notifier} change={change} />
      <Button
        type="submit"
        className="button button-primary"
        isDisabled={create.isPending || notifier.notices.length === 0}
      >
        Create
      </Button>
      <SecretShownOnce title="Secret of the notifier" secret={secret} close={() => setSecret(null)} />
    </form>
  );
}
