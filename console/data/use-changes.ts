import { useEffect, useState } from 'react';
import type { Answer } from './types.ts';

type Page = Answer<'/api/v1/workspaces/{workspaceId}/changes'>;
export type Change = Page['changes'][number];

const MOST_KEPT = 500;

/** The change log of a workspace by server-sent events, newest first. The browser connects again by itself. */
export function useChanges(workspaceId: string): { changes: Change[]; isLive: boolean } {
  const [changes, setChanges] = useState<Change[]>([]);
  const [isLive, setLive] = useState(false);

  useEffect(() => {
    const source = new EventSource(`/api/v1/workspaces/${workspaceId}/changes/stream`);
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
