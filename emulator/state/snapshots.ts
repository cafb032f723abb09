/** Snapshots that page tokens may still refer to: change number -> time of last use, milliseconds. */
export type OpenSnapshots = Map<number, number>;

/** A page token dies when it was not used for this long. */
const SNAPSHOT_IDLE_MS = 15 * 60_000;
/** Bounds the memory that abandoned listings of a busy calendar can hold. */
const MAX_OPEN_SNAPSHOTS = 256;

/** Notes that a listing at this change number will go on. */
export function touchSnapshot(snapshots: OpenSnapshots, seq: number, nowMs: number): void {
  snapshots.delete(seq);
  snapshots.set(seq, nowMs);
  const oldest = snapshots.keys().next().value;
  if (snapshots.size > MAX_OPEN_SNAPSHOTS && oldest !== undefined) snapshots.delete(oldest);
}

export function dropExpiredSnapshots(snapshots: OpenSnapshots, nowMs: number): void {
  for (const [seq, usedMs] of snapshots) {
    if (nowMs - usedMs > SNAPSHOT_IDLE_MS) snapshots.delete(seq);
  }
}
