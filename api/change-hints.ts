import { listenForChanges } from '../services/delivery/listen-for-changes.ts';

/** Called with the workspace whose change log has grown. Null: any may have. */
export type OnHint = (workspaceId: string | null) => void;

/** Hints that change logs have grown. One may be missed, so readers also look from time to time. */
export interface ChangeHints {
  subscribe(onHint: OnHint): void;
  close(): Promise<void>;
}

/** Hints by Postgres itself, over one connection beside the pool. */
export function createChangeHints(databaseUrl: string): ChangeHints {
  const subscribers = new Set<OnHint>();
  const tell: OnHint = (workspaceId) => {
    for (const onHint of subscribers) onHint(workspaceId);
  };
  const listener = listenForChanges({ databaseUrl, onChange: tell, onConnected: () => tell(null) });
  return {
    subscribe: (onHint) => void subscribers.add(onHint),
    close: () => listener.close(),
  };
}
