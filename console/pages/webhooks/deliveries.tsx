import { useQuery } from '@tanstack/react-query';
import { sayDuration, Ago } from '../../components/time.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayNumber } from '../../components/count.ts';
import { deliveriesOf, type Delivery } from '../../data/webhooks.ts';

const FIRST_REFUSAL = 300;

function Outcome({ delivery: { status, error } }: { delivery: Delivery }) {
  if (status === null) return <Badge tone="bad">{error ?? 'no answer'}</Badge>;
  return <Badge tone={status < FIRST_REFUSAL ? 'good' : 'bad'}>{String(status)}</Badge>;
}

const sayPositions = ({ after, position }: Delivery): string =>
  position === null ? 'test' : `${(after ?? 0) + 1}–${position}`;

const COLUMNS: Column<Delivery>[] = [
  { title: 'Answer', width: '8rem', cell: (delivery) => <Outcome delivery={delivery} /> },
  { title: 'Workspace', width: 'minmax(6rem, 1fr)', cell: ({ workspaceId }) => workspaceId ?? '—' },
  { title: 'Positions', width: 'minmax(6rem, 1fr)', minor: true, cell: sayPositions },
  { title: 'Changes', width: '5rem', align: 'end', minor: true, cell: ({ changes }) => sayNumber(changes) },
  {
    title: 'Took',
    width: '5rem',
    align: 'end',
    minor: true,
    cell: ({ latencyMs }) => sayDuration(latencyMs),
  },
  { title: 'When', width: '6rem', cell: ({ attemptedAt }) => <Ago at={attemptedAt} /> },
];

interface DeliveriesProps {
  webhookId: string;
  workspaceId: string | undefined;
}

/** The latest attempts, newest first, without bodies. */
export function Deliveries({ webhookId, workspaceId }: DeliveriesProps) {
  const deliveries = useQuery(deliveriesOf(workspaceId, webhookId));
  return (
    <Loaded query={deliveries}>
      {(rows) => (
        <DataTable
          label="Latest deliveries"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ number }) => number}
          empty="Nothing has been posted yet"
          emptyHint="Test posts a signed message at once."
        />
      )}
    </Loaded>
  );
}
