import type { RemoteEvent } from '../../google/own-events.ts';
import type { Finding } from './edits.ts';
import type { Span } from './order-writes.ts';

/** What we know of a block when we look at its event. */
export interface KnownBlock {
  /** Where its row has it. */
  span: Span;
  /** An insert of it may not have arrived. */
  inserting: boolean;
  /** A deletion of it may have arrived. */
  deleting: boolean;
  /** Where a move that was never answered was to bring it. */
  target: Span | null;
}

const isSame = (a: Span, b: Span | null) => b !== null && a.startMs === b.startMs && a.endMs === b.endMs;

/**
 * What the state of an event in Google says of its block. Whatever is neither where it was nor where we were about
 * to put it was moved by a person.
 * @param event null where Google has never had such an event
 */
export function judgeEvent(event: RemoteEvent | null, block: KnownBlock): Finding {
  const { startMs = null, endMs = null } = event ?? {};
  if (event === null || event.cancelled) {
    if (block.deleting) return { found: 'deleted-by-us' };
    return { found: block.inserting && event === null ? 'never-written' : 'deleted-by-user' };
  }
  // Dragged to the all-day row: it is no block any more, and the person's own.
  if (startMs === null || endMs === null || endMs <= startMs) return { found: 'deleted-by-user' };
  const span = { startMs, endMs };
  const { etag } = event;
  if (event.isMeeting) return { found: 'meeting', span, etag };
  if (isSame(span, block.span) || isSame(span, block.target)) return { found: 'as-written', span, etag };
  const resized = endMs - startMs !== block.span.endMs - block.span.startMs;
  return { found: 'moved', span, etag, resized };
}
