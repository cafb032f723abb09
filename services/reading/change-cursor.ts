import { z } from 'zod';

/**
 * Position of a reader in the change log. A cursor below the compacted part also holds the end of that part
 * at the time it was issued: a reader that replays the log from the beginning passes through there and may
 * continue, while one that has stopped there since before the compaction may not.
 */
export interface ChangeCursor {
  position: number;
  compactedThrough?: number;
}

/** At most 15 digits, so that a number holds the position exactly. */
const CURSOR = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

export const changeCursorSchema = z
  .string()
  .regex(CURSOR, 'must be a cursor of the change log, or 0 to read from the beginning')
  .transform((text): ChangeCursor => {
    const [, position = '0', compactedThrough] = CURSOR.exec(text) ?? [];
    return {
      position: Number(position),
      ...(compactedThrough !== undefined && { compactedThrough: Number(compactedThrough) }),
    };
  });

/** Cursor of a reader that has read up to `position`. */
export function formatCursor(position: number, compactedThrough: number): string {
  return position < compactedThrough ? `${position}.${compactedThrough}` : String(position);
}

/** Whether the log still has every change after the cursor. */
export function isCurrent(
  { position, compactedThrough }: ChangeCursor,
  log: { lastPosition: number; compactedThrough: number },
): boolean {
  // Ahead of the log: the database was restored to an earlier state.
  if (position > log.lastPosition || (compactedThrough ?? 0) > log.compactedThrough) return false;
  return position === 0 || position >= log.compactedThrough || compactedThrough === log.compactedThrough;
}
