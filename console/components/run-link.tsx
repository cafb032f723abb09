import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../data/session.ts';

/** Leads to a run in Temporal's Web UI, where the address of that is known. */
export function RunLink({ run }: { run: { workflowId: string; runId: string } }) {
  const { data: session } = useQuery(sessionQuery);
  if (!session?.temporalUiUrl) return <span className="quiet">—</span>;
  const path = ['namespaces', session.temporalNamespace, 'workflows', run.workflowId, run.runId, 'history'];
  const url = [session.temporalUiUrl.replace(/\/$/, ''), ...path.map(encodeURIComponent)].join('/');
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={`history of run ${run.runId} in Temporal’s Web UI`}
    >
      history
    </a>
  );
}
