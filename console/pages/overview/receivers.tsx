import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { failingWebhooksQuery, webhooksQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Webhook = Answer<'/api/v1/webhooks'>[number];

function DeliveryBadge({ status, pauseReason, failures }: Webhook) {
  if (status === 'paused') return <Badge tone={pauseReason === 'requested' ? 'quiet' : 'bad'}>paused</Badge>;
  return failures > 0 ? <Badge tone="warn">retrying</Badge> : <Badge tone="good">delivering</Badge>;
}

function Subscriber({ workspaceId }: Webhook) {
  if (workspaceId === null) return <Link to="/webhooks">all</Link>;
  return (
    <Link to="/workspaces/$workspaceId/webhooks" params={{ workspaceId }}>
      {workspaceId}
    </Link>
  );
}

const RECEIVER: Column<Webhook> = {
  title: 'Receiver',
  width: 'minmax(8rem, 2fr)',
  cell: ({ url }) => <span title={url}>{url}</span>,
};
const DELIVERY: Column<Webhook> = {
  title: 'Delivery',
  width: '7rem',
  cell: (webhook) => <DeliveryBadge {...webhook} />,
};

const COLUMNS: Column<Webhook>[] = [
  RECEIVER,
  DELIVERY,
  {
    title: 'Last',
    width: '6rem',
    minor: true,
    cell: ({ lastDeliveredAt }) => <Ago at={lastDeliveredAt} />,
  },
];

const FAILING_COLUMNS: Column<Webhook>[] = [
  { title: 'Workspace', width: 'minmax(5rem, 1fr)', cell: (webhook) => <Subscriber {...webhook} /> },
  RECEIVER,
  DELIVERY,
  { title: 'Since', width: '6rem', minor: true, cell: ({ failingSince }) => <Ago at={failingSince} /> },
];

/** Deliveries of webhooks that fail, of any workspace, and those about all workspaces. */
export function Receivers() {
  const failing = useQuery(failingWebhooksQuery);
  const webhooks = useQuery(webhooksQuery);
  return (
    <Section title="Deliveries">
      {failing.data !== undefined && failing.data.length > 0 && (
        <DataTable
          label="Failing webhooks"
          columns={FAILING_COLUMNS}
          rows={failing.data}
          rowKey={({ id }) => id}
          empty=""
        />
      )}
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
