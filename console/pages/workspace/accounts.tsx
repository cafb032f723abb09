import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { HealthBadge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { accountsQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Account = Answer<'/api/v1/workspaces/{workspaceId}/accounts'>[number];
type Status = Answer<'/api/v1/workspaces/{workspaceId}/status'>;

interface AccountsProps {
  workspaceId: string;
  healths: Status['accounts'];
}

export function Accounts({ workspaceId, healths }: AccountsProps) {
  const accounts = useQuery(accountsQuery(workspaceId));
  const connect = useAction({
    run: async (accountId: string | undefined) => {
      const { url } = await unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/accounts/connect', {
          params: { path: { workspaceId } },
          body: { ...(accountId !== undefined && { accountId }) },
        }),
      );
      window.open(url, '_blank', 'noopener');
    },
    said: () => 'Google asks for consent in a new tab. The account appears here when it is given.',
    changes: [['workspace', workspaceId]],
  });
  const healthOf = new Map(healths.map(({ id, health }) => [id, health]));
  const columns: Column<Account>[] = [
    { title: 'Account', width: 'minmax(10rem, 2fr)', cell: ({ email }) => email },
    {
      title: 'Health',
      width: '9rem',
      cell: ({ id, status }) => {
        const health = healthOf.get(id);
        return health === undefined ? status : <HealthBadge health={health} />;
      },
    },
    {
      title: 'Calendars',
      width: '6rem',
      align: 'end',
      minor: true,
      cell: ({ calendars }) => sayNumber(calendars),
    },
    {
      title: 'Calendar list read',
      width: 'minmax(7rem, 1fr)',
      minor: true,
      cell: ({ calendarListSyncedAt }) => <Ago at={calendarListSyncedAt} />,
    },
    {
      title: 'Last error',
      width: 'minmax(6rem, 1fr)',
      minor: true,
      cell: ({ lastError }) => lastError ?? <span className="quiet">none</span>,
    },
    {
      title: 'Consent',
      below: 'named',
      width: '7rem',
      cell: ({ id, status }) => (
        <Button
          className={status === 'connected' ? 'button button-quiet' : 'button'}
          isDisabled={connect.isPending}
          onPress={() => connect.mutate(id)}
        >
          {status === 'connected' ? 'Renew' : 'Reconnect'}
        </Button>
      ),
    },
  ];
  return (
    <Section
      title="Accounts"
      actions={
        <Button className="button" isDisabled={connect.isPending} onPress={() => connect.mutate(undefined)}>
          Connect an account
        </Button>
      }
    >
      <Loaded query={accounts} rows={2}>
        {(rows) => (
          <DataTable
            label="Accounts"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            empty="No Google account is connected"
            emptyHint="Connect one, and its calendars are listed and synced."
          />
        )}
      </Loaded>
    </Section>
  );
}
