import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { UnparsedChangePage } from '../services/reading/changes.ts';

/** Fits into a socket's buffer, so the page is freed as soon as it is written. */
const SMALL_CHARACTERS = 64 * 1_024;

/** Whether a page takes almost no memory even if its client reads slowly. */
export function isSmallPage({ changes }: UnparsedChangePage): boolean {
  let characters = 0;
  for (const { event } of changes) characters += event?.length ?? 0;
  return characters <= SMALL_CHARACTERS;
}

/** The page as JSON, in pieces. Events stay as the database printed them: neither parsed nor validated. */
export function* toJson({ changes, ...page }: UnparsedChangePage): Generator<string> {
  let comma = '';
  yield '{"changes":[';
  for (const { event, ...change } of changes) {
    const head = JSON.stringify(change).slice(0, -1);
    yield `${comma}${head},"event":${event ?? 'null'}}`;
    comma = ',';
  }
  yield `],${JSON.stringify(page).slice(1)}`;
}

/** Answers with a page. A large one is streamed at the client's pace. */
export async function sendChangePage(reply: FastifyReply, page: UnparsedChangePage): Promise<FastifyReply> {
  void reply.type('application/json; charset=utf-8');
  if (isSmallPage(page)) return reply.send(Buffer.from([...toJson(page)].join('')));
  return reply.send(Readable.from(toJson(page), { objectMode: false, highWaterMark: SMALL_CHARACTERS }));
}
