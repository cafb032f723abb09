export const SYNC_MODES = ['incremental', 'full'] as const;
/** Whether a sync asks Google for changes or for everything. */
export type SyncMode = (typeof SYNC_MODES)[number];

/** Origins of a run. */
export const SYNC_SOURCES = ['schedule', 'push', 'manual', 'api'] as const;
/** Origin of a run. */
export type SyncSource = (typeof SYNC_SOURCES)[number];
