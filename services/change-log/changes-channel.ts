/**
 * Channel of Postgres (`listen`, `notify`) on which each commit names the workspaces whose change logs it has
 * extended. The payload is the workspace ID alone: what has changed is in the log.
 */
export const CHANGES_CHANNEL = 'almanac_changes';
