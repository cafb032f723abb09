import { useEffect, useState } from 'react';
import type { Answer } from './types.ts';

type Page = Answer<'/api/v1/workspaces/{workspaceId}/changes'>;
export type Change = Page['changes'][number];

const MOST_KEPT = 500;

/** How far before the end of the log the reader begins. */
const EARLIER = 100;

/**
 * The last changes of a workspace, and what comes next, by server-sent events, newest first. The browser connects
 * again by itself, and then goes on where it was.
 */
export function useChanges(workspaceId: string): { changes: Change[]; isLive: boolean } {
  const [changes, setChanges] = useState<Change[]>([]);
  const [isLive, setLive] = useState(false);

  useEffect(() => {
    const source = new EventSource(`/api/v1/workspaces/${workspaceId}/changes/stream?after=now-${EARLIER}`);
    source.addEventListener('open', () => setLive(true));
    source.addEventListener('error', () => setLive(false));
    source.addEventListener('changes', ({ data }: MessageEvent<string>) => {
      const page = JSON.parse(data) as Page;
      setChanges((known) => [...page.changes.toReversed(), ...known].slice(0, MOST_KEPT));
    });
    return () => source.close();
  }, [workspaceId]);

  return { changes, isLive };
}
