import type { RemoteEvent } from '../../google/own-events.ts';
import type { Finding } from './edits.ts';
import type { Span } from './order-writes.ts';

/** Known state of a block when its event is read. */
export interface KnownBlock {
  /** Span in the block's row. */
  span: Span;
  /** Whether an insert may not have arrived. */
  inserting: boolean;
  /** Whether a deletion may have arrived. */
  deleting: boolean;
  /** Target of a move that was never answered; null: there was none. */
  target: Span | null;
}

const isSame = (a: Span, b: Span | null) => b !== null && a.startMs === b.startMs && a.endMs === b.endMs;

/**
 * Compares an event in Google with its block. An event that is neither in its old place nor in the one that
 * Almanac was writing was moved by a person.
 * @param event null where Google has no such event
 */
export function judgeEvent(event: RemoteEvent | null, block: KnownBlock): Finding {
  const { startMs = null, endMs = null } = event ?? {};
  if (event === null || event.cancelled) {
    if (block.deleting) return { found: 'deleted-by-us' };
    return { found: block.inserting && event === null ? 'never-written' : 'deleted-by-user' };
  }
  // Dragged to the all-day row, the event belongs to the person and is no block any more.
  if (startMs === null || endMs === null || endMs <= startMs) return { found: 'deleted-by-user' };
  const span = { startMs, endMs };
  const { etag } = event;
  if (event.isMeeting) return { found: 'meeting', span, etag };
  if (isSame(span, block.span) || isSame(span, block.target)) return { found: 'as-written', span, etag };
  const resized = endMs - startMs !== block.span.endMs - block.span.startMs;
  return { found: 'moved', span, etag, resized };
}
