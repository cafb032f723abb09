import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { HealthBadge } from '../../components/health.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { workspaceQuery, workspaceStatusQuery } from '../../data/queries.ts';
import { Accounts } from './accounts.tsx';
import { Calendars } from './calendars.tsx';
import { ChangeLog } from './change-log.tsx';
import { Runs } from './runs.tsx';
import { SyncNow } from './sync-now.tsx';
import { Verify } from './verify.tsx';

/** What a workspace is connected to, how fresh it is, and what its syncs did. */
export function WorkspacePage() {
  const { workspaceId } = useParams({ from: '/signed-in/workspaces/$workspaceId' });
  const workspace = useQuery(workspaceQuery(workspaceId));
  const status = useQuery(workspaceStatusQuery(workspaceId));
  return (
    <Page
      title={workspace.data?.name ?? workspaceId}
      lead={
        workspace.data && (
          <>
            {workspaceId} · {workspace.data.timeZone}{' '}
            {status.data && <HealthBadge health={status.data.health} />}
          </>
        )
      }
      actions={status.data && <SyncNow key={workspaceId} workspaceId={workspaceId} />}
    >
      <Loaded query={status} rows={8}>
        {(loaded) => (
          <>
            <Accounts workspaceId={workspaceId} healths={loaded.accounts} />
            <Calendars workspaceId={workspaceId} proofs={loaded.calendars} />
            <Runs workspaceId={workspaceId} calendars={loaded.calendars} />
            <Verify key={`verify ${workspaceId}`} workspaceId={workspaceId} calendars={loaded.calendars} />
            <ChangeLog key={workspaceId} workspaceId={workspaceId} calendars={loaded.calendars} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
