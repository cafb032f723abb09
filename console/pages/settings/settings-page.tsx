import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { onlyWorkspace, sessionQuery } from '../../data/session.ts';
import { EmbedLinks } from './embed-links.tsx';
import { KeyInUse } from './key-in-use.tsx';
import { Keys } from './keys.tsx';
import { Notifiers } from './notifiers.tsx';
import { Sessions } from './sessions.tsx';
import { ApplyTemplate, Templates } from './templates.tsx';

/** Who may look, who is notified, and what is stored for making work. */
export function SettingsPage() {
  const { workspaceId } = useParams({ strict: false });
  const { data: session } = useQuery(sessionQuery);
  if (!session) return null;
  const isConfined = onlyWorkspace(session) !== null;
  return (
    <Page title="Settings" lead={workspaceId ?? 'All workspaces'}>
      <Notifiers workspaceId={workspaceId} />
      {workspaceId === undefined ? (
        <Templates />
      ) : (
        <>
          <EmbedLinks workspaceId={workspaceId} />
          <ApplyTemplate workspaceId={workspaceId} />
        </>
      )}
      {!isConfined && <Keys key={workspaceId} workspaceId={workspaceId} />}
      {(workspaceId === undefined || isConfined) && (
        <>
          <Sessions session={session} />
          <KeyInUse session={session} />
        </>
      )}
    </Page>
  );
}
