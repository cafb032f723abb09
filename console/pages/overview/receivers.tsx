import { useQuery } from '@tanstack/react-query';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { webhooksQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Webhook = Answer<'/api/v1/webhooks'>[number];

function DeliveryBadge({ status, pauseReason, failures }: Webhook) {
  if (status === 'paused') return <Badge tone={pauseReason === 'requested' ? 'quiet' : 'bad'}>paused</Badge>;
  return failures > 0 ? <Badge tone="warn">retrying</Badge> : <Badge tone="good">delivering</Badge>;
}

const COLUMNS: Column<Webhook>[] = [
  { title: 'Receiver', width: 'minmax(8rem, 2fr)', cell: ({ url }) => <span title={url}>{url}</span> },
  { title: 'Delivery', width: '7rem', cell: (webhook) => <DeliveryBadge {...webhook} /> },
  {
    title: 'Last',
    width: '6rem',
    minor: true,
    cell: ({ lastDeliveredAt }) => <Ago at={lastDeliveredAt} />,
  },
];

/** Deliveries of webhooks about all workspaces. */
export function Receivers() {
  const webhooks = useQuery(webhooksQuery);
  return (
    <Section title="Deliveries">
      <Loaded query={webhooks}>
        {(rows) => (
          <DataTable
            label="Webhook receivers"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ id }) => id}
            empty="No receiver subscribes to all workspaces"
          />
        )}
      </Loaded>
    </Section>
  );
}
