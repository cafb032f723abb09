import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import type { Session } from '../../data/session.ts';
import { type ConsoleSession, sessionsQuery } from '../../data/settings.ts';

/** Browsers that are signed in. */
export function Sessions({ session }: { session: Session }) {
  const sessions = useQuery(sessionsQuery);
  const end = useAction({
    run: (sessionId: string) =>
      unwrap(api.DELETE('/api/v1/sessions/{sessionId}', { params: { path: { sessionId } } })),
    said: () => 'The session has ended: its browser has to sign in again.',
    changes: [['sessions']],
  });
  const columns: Column<ConsoleSession>[] = [
    {
      title: 'Browser',
      width: 'minmax(8rem, 2fr)',
      cell: ({ userAgent }) => <span title={userAgent ?? ''}>{userAgent ?? 'unnamed'}</span>,
    },
    {
      title: 'Shows',
      width: 'minmax(6rem, 1fr)',
      minor: true,
      cell: ({ scope }) => (scope === 'admin' ? 'all workspaces' : scope.workspaceId),
    },
    {
      title: 'Key',
      width: '10rem',
      minor: true,
      cell: ({ keyId }) => <code>{keyId ?? 'the operator’s'}</code>,
    },
    { title: 'Last used', width: '6rem', cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} /> },
    { title: 'Ends', width: '6rem', minor: true, cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
    {
      title: 'Actions',
      below: 'bare',
      width: '6rem',
      align: 'end',
      cell: ({ sessionId }) =>
        sessionId === session.sessionId ? (
          <Badge tone="good">this one</Badge>
        ) : (
          <span className="row-actions">
            <Confirm
              title="End this session?"
              body="Its browser has to sign in again."
              confirm="End it"
              onConfirm={() => end.mutate(sessionId)}
            >
              <Button className="button" aria-label={`End session ${sessionId}`}>
                End
              </Button>
            </Confirm>
          </span>
        ),
    },
  ];
  return (
    <Section title="Sessions">
      <Loaded query={sessions}>
        {(rows) => (
          <DataTable
            label="Sessions"
            columns={columns}
            rows={rows}
            rowKey={({ sessionId }) => sessionId}
            empty="No browser is signed in"
          />
        )}
      </Loaded>
    </Section>
  );
}
