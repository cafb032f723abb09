export { applyRetention } from './apply-retention.ts';
export { auditDrift } from './audit-drift.ts';
export { fullSync } from './full-sync.ts';
export { incrementalSync } from './incremental-sync.ts';
export { rollHorizons } from './roll-horizons.ts';
export { syncAllWorkspaces } from './sync-all-workspaces.ts';
export { syncWorkspacePartition } from './sync-workspace-partition.ts';
export { verifyWorkspace } from './verify-workspace.ts';
