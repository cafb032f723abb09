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

/** Where a reader starts: after a cursor, or so many positions before the end of the log. */
export type ChangeStart = ChangeCursor | { beforeEnd: number };

/** At most 999 positions before the end, about a page. */
const FROM_NOW = /^now(?:-(\d{1,3}))?$/;

export const changeStartSchema = z
  .string()
  .refine(
    (text) => CURSOR.test(text) || FROM_NOW.test(text),
    'must be a cursor of the change log, 0 to read from the beginning, now to read what comes next, or now-1 to now-999 to begin so many positions earlier',
  )
  .transform((text): ChangeStart => {
    const [isFromNow, beforeEnd = '0'] = FROM_NOW.exec(text) ?? [];
    return isFromNow === undefined ? changeCursorSchema.parse(text) : { beforeEnd: Number(beforeEnd) };
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
