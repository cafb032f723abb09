import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { UnparsedChangePage } from '../services/reading/changes.ts';
import { toJson } from './change-page.ts';

/** A comment as often keeps proxies from closing an idle stream, and asks whether its key is still valid. */
const HEARTBEAT_MS = 15_000;
/** A stream ends after this time; its client connects again, perhaps with another process. */
const LONGEST_STREAM_MS = 10 * 60_000;
/** Time for a page of four megabytes. A slower client is disconnected. */
const LONGEST_SENDING_MS = 60_000;
/** Time after which a client connects again, in milliseconds. */
const RETRY_MS = 1_000;

/** Characters between a page and its socket. */
const BUFFERED = 64 * 1_024;

export interface ChangeStream {
  /** Reads the page after a cursor, and holds a place among the big reads until it is given back. */
  read(after: string): Promise<{ page: UnparsedChangePage; giveBack: () => void }>;
  /** Resolves to true as soon as there is a change after a position; to false when the time is up. */
  wait(position: number, timeoutMs: number): Promise<boolean>;
  /** Whether the caller's key is still valid. */
  isAllowed(): Promise<boolean>;
  /** Aborted when the client has gone, or the service stops. */
  signal: AbortSignal;
  /** Disconnects a client that reads too slowly. */
  cutOff(): void;
  heartbeatMs?: number;
  longestMs?: number;
  longestSendingMs?: number;
}

/** One event: the page as JSON, with its cursor as the ID that a client sends when it connects again. */
function* toEvent(page: UnparsedChangePage): Generator<string> {
  yield `id: ${page.cursor}\nevent: changes\ndata: `;
  yield* toJson(page);
  yield '\n\n';
}

/**
 * Server-sent events with the pages of a change log, from `first` on. At most one page is in memory: the next
 * one is read when the client has taken it. An error ends the stream; the client's next request reports it.
 */
export async function* streamChanges(
  first: Awaited<ReturnType<ChangeStream['read']>>,
  stream: ChangeStream,
): AsyncGenerator<string> {
  const { heartbeatMs = HEARTBEAT_MS, longestMs = LONGEST_STREAM_MS } = stream;
  const endsAt = performance.now() + longestMs;
  let checkedAt = performance.now();
  let { page, giveBack } = first;
  try {
    // A client that begins at the end would otherwise not know where it was when it connects again.
    const start = page.changes.length > 0 ? '' : `id: ${page.cursor}\n`;
    yield `retry: ${RETRY_MS}\n${start}\n`;
    for (;;) {
      if (page.changes.length > 0) yield* inTime(toEvent(page), stream);
      giveBack();
      // A waiting stream holds no page.
      page = { ...page, changes: [] };
      if (!page.more) {
        const position = Number.parseInt(page.cursor, 10);
        const grown = await stream.wait(position, Math.min(heartbeatMs, endsAt - performance.now()));
        if (!grown) yield* inTime([': waiting\n\n'], stream);
      }
      if (stream.signal.aborted || performance.now() >= endsAt) return;
      if (performance.now() - checkedAt >= heartbeatMs) {
        if (!(await stream.isAllowed())) return;
        checkedAt = performance.now();
      }
      ({ page, giveBack } = await stream.read(page.cursor));
    }
  } catch {
    return;
  } finally {
    giveBack();
  }
}

/** Passes pieces on at the client's pace, which has a lower bound. */
async function* inTime(
  pieces: Iterable<string>,
  { cutOff, longestSendingMs = LONGEST_SENDING_MS }: ChangeStream,
): AsyncGenerator<string> {
  const alarm = setTimeout(cutOff, longestSendingMs);
  try {
    for (const piece of pieces) yield piece;
  } finally {
    clearTimeout(alarm);
  }
}

/** Answers with server-sent events. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string>): FastifyReply {
  return (
    reply
      .header('cache-control', 'no-store')
      // Proxies such as nginx would hold events back.
      .header('x-accel-buffering', 'no')
      .type('text/event-stream; charset=utf-8')
      .send(Readable.from(events, { objectMode: false, highWaterMark: BUFFERED }))
  );
}
