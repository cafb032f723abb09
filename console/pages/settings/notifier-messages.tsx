import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { type NotifierMessage, notifierMessagesOf } from '../../data/settings.ts';

const TONES = {
  sending: 'quiet',
  retrying: 'warn',
  delivered: 'good',
  unconfirmed: 'warn',
  dropped: 'quiet',
  failed: 'bad',
} as const;

const COLUMNS: Column<NotifierMessage>[] = [
  { title: 'Message', width: 'minmax(7rem, 1fr)', cell: ({ notice }) => notice },
  {
    title: 'About',
    width: '4.5rem',
    align: 'end',
    minor: true,
    cell: ({ subjects }) => (subjects === 0 ? '—' : sayNumber(subjects)),
  },
  {
    title: 'Outcome',
    width: 'minmax(7rem, 1fr)',
    cell: ({ status, reason }) => (
      <>
        <Badge tone={TONES[status]}>{status}</Badge>{' '}
        {reason !== undefined && <span className="quiet">{reason}</span>}
      </>
    ),
  },
  {
    title: 'Attempts',
    width: '5rem',
    align: 'end',
    minor: true,
    cell: ({ attempts }) => sayNumber(attempts),
  },
  { title: 'Sent', width: '6rem', cell: ({ attemptedAt }) => <Ago at={attemptedAt} /> },
  {
    title: 'Again',
    width: '6rem',
    minor: true,
    cell: ({ nextAttemptAt }) => <Ago at={nextAttemptAt} never="—" />,
  },
];

interface NotifierMessagesProps {
  notifierId: string;
  workspaceId: string | undefined;
}

/** What a notifier was sent and what became of it, newest first. */
export function NotifierMessages({ notifierId, workspaceId }: NotifierMessagesProps) {
  const messages = useQuery(notifierMessagesOf(workspaceId, notifierId));
  return (
    <Loaded query={messages}>
      {(rows) => (
        <DataTable
          label="Messages, newest first"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          empty="Nothing has been sent yet"
          emptyHint="Messages are kept for 30 days."
        />
      )}
    </Loaded>
  );
}
