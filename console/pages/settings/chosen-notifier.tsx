import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { InputField } from '../../components/input-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Notifier, notifierCalls, type NotifierFields } from '../../data/settings.ts';
import { NotifierChoices } from './notifier-choices.tsx';
import { NotifierMessages } from './notifier-messages.tsx';

const CHANGES = [['notifiers']];

interface ChosenNotifierProps {
  notifier: Notifier;
  workspaceId: string | undefined;
}

/** One notifier: its code where its address is to be confirmed, its choices, and what it was sent. */
export function ChosenNotifier({ notifier, workspaceId }: ChosenNotifierProps) {
  return (
    <section className="chosen" aria-label={notifier.name}>
      {notifier.status === 'unconfirmed' && <Confirmation notifier={notifier} workspaceId={workspaceId} />}
      <Choices
        // Saved choices, also those saved elsewhere, begin the form anew.
        key={JSON.stringify([notifier.name, notifier.notices, notifier.agendaHour, notifier.summaryWeekday])}
        notifier={notifier}
        workspaceId={workspaceId}
      />
      <NotifierMessages notifierId={notifier.id} workspaceId={workspaceId} />
    </section>
  );
}

function Confirmation({ notifier: { id, name }, workspaceId }: ChosenNotifierProps) {
  const [code, setCode] = useState('');
  const calls = notifierCalls(workspaceId);
  const confirm = useAction({
    run: () => calls.confirm(id, code.trim()),
    said: () => `${name} is confirmed, and notified from now on.`,
    changes: CHANGES,
  });
  const sendCode = useAction({
    run: () => calls.sendCode(id),
    said: ({ status, reason }) =>
      status === 'failed'
        ? `The code could not be sent${reason === undefined ? '' : `: ${reason}`}.`
        : `Another code was sent to ${name}. Earlier ones are no longer valid.`,
    changes: CHANGES,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate();
  }
  return (
    <form className="form" onSubmit={submit}>
      <InputField
        label="Code from the e-mail"
        required
        autoComplete="one-time-code"
        placeholder="XXXXX-XXXXX"
        value={code}
        onChange={setCode}
      />
      <Button type="submit" className="button button-primary" isDisabled={confirm.isPending}>
        Confirm
      </Button>
      <Button className="button" isDisabled={sendCode.isPending} onPress={() => sendCode.mutate()}>
        Send another code
      </Button>
    </form>
  );
}

function Choices({ notifier, workspaceId }: ChosenNotifierProps) {
  const { id, name, agendaHour, summaryWeekday } = notifier;
  const saved = { name, notices: notifier.notices as NotifierFields['notices'], agendaHour, summaryWeekday };
  const [fields, setFields] = useState(saved);
  const calls = notifierCalls(workspaceId);
  const save = useAction({
    run: () => calls.change(id, fields),
    said: (changed) => `${changed.name} is changed.`,
    undo: () => () => calls.change(id, saved),
    changes: CHANGES,
  });
  function change(changes: Partial<typeof saved>) {
    setFields({ ...fields, ...changes });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form className="form" onSubmit={submit}>
      <InputField
        label="Name of the notifier"
        required
        value={fields.name}
        onChange={(value) => change({ name: value })}
      />
      <NotifierChoices workspaceId={workspaceId} fields={fields} change={change} />
      <Button
        type="submit"
        className="button"
        isDisabled={
          save.isPending || fields.notices.length === 0 || JSON.stringify(fields) === JSON.stringify(saved)
        }
      >
        Save
      </Button>
    </form>
  );
}
