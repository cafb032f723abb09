import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchStack } from '../support/stack.ts';
import { type BenchAccount, withDatabase } from '../support/workspace.ts';
import { type PeerName, placePeer, type SeenEvent, terminateSync } from './peer.ts';

/** Result of killing a peer in the middle of its first full sync. */
export interface Kill {
  peer: PeerName;
  /** As soon as Google had been asked for this share of the pages. */
  at: number;
  /** Number of events that a reader finds while the peer is down, out of `of`. */
  seen: number;
  of: number;
  /** From its new start to the end of the second sync. */
  secondRunMs: number;
  /**
   * After that: events that are not there, are there no more in Google, or have another title than in Google.
   */
  missing: number;
  ghosts: number;
  stale: number;
}

const KILLS_AT = [0.25, 0.6, 1];
const POLL_MS = 5;
const LISTINGS = 'GET /calendar/v3/calendars/:id/events';
/** Page size of the listing; small, so that there are many moments to kill at. */
export const KILL_PAGE_SIZE = 500;
/** While it is down, so many events are deleted in Google, and as many get another title. */
const EDITS = 20;

/**
 * Kills a peer at several points of a first full sync (pages of `KILL_PAGE_SIZE`), changes some events in
 * Google, starts it again, and lets it sync once more, as it would by itself.
 */
export async function killPeer(stack: BenchStack, account: BenchAccount, peer: PeerName): Promise<Kill[]> {
  const folder = await mkdtemp(join(tmpdir(), 'almanac-kill-'));
  const place = { stack, account, storeFile: join(folder, 'store.json') };
  try {
    const kills: Kill[] = [];
    for (const at of KILLS_AT) kills.push(await killAt(peer, at, place));
    return kills;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function killAt(
  peer: PeerName,
  at: number,
  place: { stack: BenchStack; account: BenchAccount; storeFile: string },
): Promise<Kill> {
  const { stack, account } = place;
  return withDatabase(stack, async (database, target) => {
    const placed = await placePeer(peer, { ...place, database, target });
    const first = await placed.start();
    const pages = Math.ceil((at * account.listedEvents) / KILL_PAGE_SIZE);
    const asked = await listings(stack);
    // It fails when it is killed; of Almanac, the call ends with the second process.
    const ended = first.sync().then(
      () => true,
      () => true,
    );
    while ((await listings(stack)) < asked + pages) {
      if (await Promise.race([ended, sleep(POLL_MS, false)])) break;
    }
    await first.kill();
    const of = (await inGoogle(stack, account)).length;
    const seen = (await placed.read()).length;
    await editGoogle(stack, account);
    const startedAt = performance.now();
    const second = await placed.start();
    try {
      await second.sync();
    } finally {
      await second.close();
      if (peer === 'almanac') await terminateSync(stack);
    }
    const secondRunMs = performance.now() - startedAt;
    const found = compare(await placed.read(), await inGoogle(stack, account));
    return { peer, at, seen, of, secondRunMs, ...found };
  });
}

async function listings({ admin }: BenchStack): Promise<number> {
  return (await admin.requestCounts())[LISTINGS] ?? 0;
}

async function inGoogle({ admin }: BenchStack, { googleCalendarId }: BenchAccount): Promise<SeenEvent[]> {
  const events = await admin.listEvents(googleCalendarId);
  return events
    .filter(({ status }) => status !== 'cancelled')
    .map(({ id, summary }) => ({ id, summary: summary ?? '' }));
}

/** Edits events at the start of the listing, which every peer has read when it is killed. */
async function editGoogle({ admin }: BenchStack, { googleCalendarId }: BenchAccount): Promise<void> {
  const events = await admin.listEvents(googleCalendarId);
  const singles = events.filter(({ recurrence, recurringEventId }) => !recurrence && !recurringEventId);
  for (const { id } of singles.slice(0, EDITS)) await admin.deleteEvent(googleCalendarId, id);
  for (const { id, summary } of singles.slice(EDITS, 2 * EDITS))
    await admin.patchEvent(googleCalendarId, id, { summary: `${summary} again` });
}

function compare(mirror: readonly SeenEvent[], google: readonly SeenEvent[]) {
  const there = new Map(mirror.map(({ id, summary }) => [id, summary]));
  const truth = new Set(google.map(({ id }) => id));
  return {
    missing: google.filter(({ id }) => !there.has(id)).length,
    ghosts: mirror.filter(({ id }) => !truth.has(id)).length,
    stale: google.filter(({ id, summary }) => there.has(id) && there.get(id) !== summary).length,
  };
}
