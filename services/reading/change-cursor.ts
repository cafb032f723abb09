import { z } from 'zod';

/**
 * Where a reader of the change log stands: the position up to which it has read. Below what has been compacted, the
 * cursor also says up to where that was when it was given out: a reader that replays the log from its beginning
 * passes through there and may go on, one that has stood there since before may not.
 */
export interface ChangeCursor {
  position: number;
  compactedThrough?: number;
}

/** Positions that a number holds exactly have at most so many digits. */
const CURSOR = /^(\d{1,15})(?:\.(\d{1,15}))?$/;

export const changeCursorSchema = z
  .string()
  .regex(CURSOR, 'must be a cursor as the change log gives it out, or 0 to read from its beginning')
  .transform((text): ChangeCursor => {
    const [, position = '0', compactedThrough] = CURSOR.exec(text) ?? [];
    return {
      position: Number(position),
      ...(compactedThrough !== undefined && { compactedThrough: Number(compactedThrough) }),
    };
  });

/** The cursor of a reader that has read up to `position`. */
export function formatCursor(position: number, compactedThrough: number): string {
  return position < compactedThrough ? `${position}.${compactedThrough}` : String(position);
}

/** Whether every change after the cursor is still there. */
export function isCurrent(
  { position, compactedThrough }: ChangeCursor,
  log: { lastPosition: number; compactedThrough: number },
): boolean {
  // Ahead of the log: the database has been set back to an earlier state.
  if (position > log.lastPosition || (compactedThrough ?? 0) > log.compactedThrough) return false;
  return position === 0 || position >= log.compactedThrough || compactedThrough === log.compactedThrough;
}
