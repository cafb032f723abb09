import type { PlanMode } from './planning.ts';
import type { SyncMode } from './sync-modes.ts';

/**
 * What the Web UI shows with a run or a step, in one line. It holds IDs of Almanac, counts and modes only: no
 * titles, and no calendar IDs of Google, which are often e-mail addresses.
 */
export const summaryOf = {
  sync: (workspaceId: string, mode: SyncMode) => `Sync of ${workspaceId}, ${mode}`,
  plan: (workspaceId: string, mode: PlanMode) => `Plan of ${workspaceId}, ${mode}`,
  fanOut: (mode: SyncMode) => `Fan-out of the sync, ${mode}`,
  partition: (workspaces: number) => `Partition of ${workspaces} workspaces`,
  verification: (workspaceId: string) => `Verification of ${workspaceId}`,
  writes: (workspaceId: string) => `Writes of events of ${workspaceId}`,
  deletion: (workspaceId: string) => `Deletion of ${workspaceId}`,
  channels: (workspaceId: string) => `Push channels of ${workspaceId}`,
  deliveries: (workspaceId: string | null) => `Deliveries of changes of ${workspaceId ?? 'all workspaces'}`,
  template: (applicationId: string) => `Application ${applicationId} of a template`,
  /** A page of workspaces or calendars in ID order. */
  page: (after: string | null) => (after === null ? 'first page' : `page after ${after}`),
} as const;
