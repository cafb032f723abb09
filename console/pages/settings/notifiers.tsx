import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Notifier, notifierCalls, notifiersOf } from '../../data/settings.ts';
import { ChosenNotifier } from './chosen-notifier.tsx';
import { CreateNotifier } from './create-notifier.tsx';

const TONES = { active: 'good', paused: 'quiet', unconfirmed: 'quiet', gone: 'bad' } as const;
const CHANGES = [['notifiers']];

const COLUMNS: Column<Notifier>[] = [
  { title: 'Name', width: 'minmax(6rem, 1fr)', cell: ({ name }) => <span title={name}>{name}</span> },
  {
    title: 'Receiver',
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ kind, receiver }) => `${kind}: ${receiver ?? 'its key is not configured'}`,
  },
  {
    title: 'Notices',
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ notices }) => <span title={notices.join(', ')}>{notices.join(', ')}</span>,
  },
  { title: 'Status', width: '5rem', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
  { title: 'Last', width: '6rem', minor: true, cell: ({ lastMessageAt }) => <Ago at={lastMessageAt} /> },
];

/** Receivers of notices, of a workspace or of the installation. */
export function Notifiers({ workspaceId }: { workspaceId: string | undefined }) {
  const notifiers = useQuery(notifiersOf(workspaceId));
  const [chosen, setChosen] = useState<string | null>(null);
  const actions: Column<Notifier> = {
    title: 'Actions',
    below: 'bare',
    width: '17.5rem',
    align: 'end',
    cell: (notifier) => (
      <NotifierActions
        notifier={notifier}
        workspaceId={workspaceId}
        isOpen={notifier.id === chosen}
        setOpen={(isOpen) => setChosen(isOpen ? notifier.id : null)}
      />
    ),
  };
  return (
    <Section title="Notifications">
      <CreateNotifier workspaceId={workspaceId} />
      <Loaded query={notifiers}>
        {(rows) => (
          <>
            <DataTable
              label="Notifiers"
              columns={[...COLUMNS, actions]}
              rows={rows}
              rowKey={({ id }) => id}
              empty="There is no notifier yet"
              emptyHint="A notifier says in a chat, by a webhook or by e-mail when work stays failed or an account has to be connected again."
            />
            {rows
              .filter(({ id }) => id === chosen)
              .map((notifier) => (
                <ChosenNotifier key={notifier.id} notifier={notifier} workspaceId={workspaceId} />
              ))}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface NotifierActionsProps {
  notifier: Notifier;
  workspaceId: string | undefined;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
}

function NotifierActions({ notifier, workspaceId, isOpen, setOpen }: NotifierActionsProps) {
  const { id, name, status } = notifier;
  const calls = notifierCalls(workspaceId);
  const test = useAction({
    run: () => calls.test(id),
    said: ({ status: outcome, reason }) =>
      outcome === 'delivered'
        ? `The test has arrived at ${name}.`
        : `The test to ${name} is ${outcome}${reason === undefined ? '' : `: ${reason}`}.`,
    changes: CHANGES,
  });
  const other = status === 'active' ? 'paused' : 'active';
  const toggle = useAction({
    run: () => calls.setStatus(id, other),
    said: () => (other === 'paused' ? `${name} receives nothing for now.` : `${name} is active again.`),
    undo: () => () => calls.setStatus(id, other === 'paused' ? 'active' : 'paused'),
    changes: CHANGES,
  });
  const remove = useAction({
    run: () => calls.remove(id),
    said: () => `${name} is deleted.`,
    changes: CHANGES,
  });
  return (
    <span className="row-actions">
      <Button
        className="button"
        aria-label={`${status === 'unconfirmed' ? 'Confirm' : 'Open'} ${name}`}
        aria-expanded={isOpen}
        onPress={() => setOpen(!isOpen)}
      >
        {status === 'unconfirmed' ? 'Confirm' : 'Open'}
      </Button>
      <Button
        className="button"
        aria-label={`Test ${name}`}
        isDisabled={test.isPending}
        onPress={() => test.mutate()}
      >
        Test
      </Button>
      {status !== 'unconfirmed' && (
        <Button className="button" isDisabled={toggle.isPending} onPress={() => toggle.mutate()}>
          {status === 'active' ? 'Pause' : 'Resume'}
        </Button>
      )}
      <Confirm
        title="Delete this notifier?"
        body={`${name} receives nothing more, and its messages are forgotten.`}
        confirm="Delete"
        onConfirm={() => remove.mutate()}
      >
        <Button className="button button-quiet" aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Confirm>
    </span>
  );
}
