import type { EventRow } from '../../calendar/event-row.ts';
import { expandSingle } from '../../calendar/expand.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { type AppliedChange, appendChanges } from '../change-log/append-changes.ts';
import { changeZone } from './change-zone.ts';
import { dropIdleCancellations } from './drop-cancellations.ts';
import { expandSources } from './expand-sources.ts';
import type { Fence } from './fence.ts';
import { finishPage, type PageReadability, type RunContext, type RunTotals } from './finish-page.ts';
import { holdPage } from './hold-page.ts';
import { type HorizonSpan, toHorizon } from './horizon.ts';
import { nextSync, nextTickAfterTrouble, type PollIntervals } from './next-sync.ts';
import { moveHorizon } from './roll-horizon.ts';
import { forgetPages, markPage, noteSuspects, readSuspects, sweep } from './sweep.ts';
import { findUnlisted, isDoubtful } from './unlisted-events.ts';
import { writeEvents, type WrittenEvents } from './write-events.ts';
import { replaceOccurrences } from './write-occurrences.ts';

/** A page of 2,500 daily series writes more than a million occurrences; a plain page takes a tenth of a second. */
const LONGEST_COMMIT_MS = 4 * 60_000;
const LONGEST_WAIT_FOR_CONNECTION_MS = 30_000;

interface PageCommit {
  fence: Fence;
  /** From 0, within the part of the listing that the fence names. */
  index: number;
  run: RunContext;
  timeZone: string;
  upserts: readonly EventRow[];
  deletes: readonly string[];
  cancelled: readonly string[];
  /** IDs of items that could not be read. Their events stay as they are, and are not swept. */
  unreadable: readonly string[];
  /** The claim found some that were unreadable before. */
  hasUnreadable: boolean;
  /** Null on every page but the last, and on a last one that lacks it. */
  syncToken: string | null;
  isLast: boolean;
  tokenExpired: boolean;
  /** Sync tokens that had expired in a row before this listing. */
  tokenExpiries: number;
  confirmEmpty: boolean;
  poll: PollIntervals;
  /** The claim found another horizon than today's: it is put right, even where nothing else has changed. */
  horizonIsWrong: boolean;
  /** The claim found events that were read in this zone and not in `timeZone`: the first page puts them right. */
  staleTimeZone: string | null;
}

interface CommittedPage {
  totals: RunTotals;
  /** By this page, what a sweep deleted included. */
  written: { upserted: number; deleted: number };
}

const isFirst = ({ fence, index }: PageCommit) => fence.part === 0 && index === 0;

/** A full listing that lacks more than one answer is believed. */
class DoubtfulListing extends Error {
  readonly unlisted: readonly string[];

  constructor(unlisted: readonly string[]) {
    super(`${unlisted.length} stored events were not listed.`);
    this.unlisted = unlisted;
  }
}

/** What a page's changes touch in the read model. */
interface Touched {
  /** Single events, from the page in hand. */
  singles: EventRow[];
  /** Sources that `singles` and the deletions settle between them. */
  settledIds: string[];
  /** Series that are to be expanded anew: they, or some of their exceptions, have changed. */
  seriesIds: string[];
}

/** Those of the deleted events that leave exceptions behind, which are shown by themselves now. */
async function leavesExceptions(
  transaction: Transaction,
  calendarId: string,
  { deleted }: WrittenEvents,
): Promise<Set<string>> {
  const ids = deleted.flatMap(({ googleEventId, seriesId }) => (seriesId === null ? googleEventId : []));
  if (ids.length === 0) return new Set();
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select distinct series_id as id from calendar_events
    where calendar_id = ${calendarId}::uuid and kind = 'exception' and series_id = any(${ids}::text[])`;
  return new Set(rows.map(({ id }) => id));
}

function touchedBy(
  { upserts }: PageCommit,
  { upserted, deleted }: WrittenEvents,
  orphaning: ReadonlySet<string>,
): Touched {
  const written = new Set(upserted.map(({ googleEventId }) => googleEventId));
  const singles = upserts.filter((row) => row.kind === 'single' && written.has(row.googleEventId));
  const settled = new Set(singles.map((row) => row.googleEventId));
  for (const { googleEventId, seriesId } of deleted) {
    if (seriesId === null && !orphaning.has(googleEventId)) settled.add(googleEventId);
  }
  const sources = [...upserted, ...deleted].map(({ googleEventId, seriesId }) => seriesId ?? googleEventId);
  const seriesIds = [...new Set(sources)].filter((id) => !settled.has(id));
  return { singles, settledIds: [...settled], seriesIds };
}

/**
 * Brings the read model in line with what was written. Single events are expanded from the page in hand, in one
 * statement with the deleted sources; a series is expanded from its stored rows, for its exceptions may have come
 * on other pages.
 */
async function writeReadModel(
  transaction: Transaction,
  page: PageCommit,
  span: HorizonSpan,
  { singles, settledIds, seriesIds }: Touched,
): Promise<void> {
  const horizon = toHorizon(span);
  const own = singles.flatMap((row) => expandSingle(row, horizon));
  await replaceOccurrences(transaction, page.run, settledIds, { plain: [], own, tooCostly: [] });
  const target = { ...page.run, timeZone: page.timeZone, horizon: span };
  await expandSources(transaction, target, seriesIds, 'replace');
}

async function sweepUnlisted(transaction: Transaction, page: PageCommit): Promise<WrittenEvents['deleted']> {
  const { calendarId } = page.run;
  const { unlisted, stored } = await findUnlisted(transaction, calendarId, 'calendar_listing_pages');
  const suspects = page.confirmEmpty ? await readSuspects(transaction, calendarId) : new Set();
  const newlyGone = unlisted.filter((id) => !suspects.has(id)).length;
  if (isDoubtful(newlyGone, stored)) throw new DoubtfulListing(unlisted);
  return sweep(transaction, calendarId, unlisted);
}

/** Notes what the page named, for as long as a later page may ask. */
async function noteNamed(transaction: Transaction, page: PageCommit): Promise<void> {
  const { fence, index, run, upserts, unreadable, syncToken } = page;
  if (run.mode === 'full') {
    const named = [...upserts.map(({ googleEventId }) => googleEventId), ...unreadable];
    await markPage(transaction, fence, index, named);
  } else if (syncToken === null) {
    const recurring = upserts.filter(({ kind }) => kind !== 'single');
    await markPage(
      transaction,
      fence,
      index,
      recurring.map(({ googleEventId }) => googleEventId),
    );
  }
}

/** Takes what was dropped at once out of what was written: nobody has to learn of it. Returns the rest of both. */
function settleDropped(written: WrittenEvents, dropped: readonly AppliedChange[]): AppliedChange[] {
  const ids = new Set(dropped.map(({ googleEventId }) => googleEventId));
  const inserted = new Set(
    written.upserted.flatMap(({ googleEventId, operation }) => (operation === 'insert' ? googleEventId : [])),
  );
  return [
    ...written.upserted.filter(({ googleEventId }) => !ids.has(googleEventId)),
    ...written.deleted,
    ...dropped.filter(({ googleEventId }) => !inserted.has(googleEventId)),
  ];
}

/** The series that the page names, themselves or by an exception, changed or not, and whatever it deletes. */
function namedSeries({ upserts, deletes }: PageCommit): string[] {
  const recurring = upserts.filter(({ kind }) => kind !== 'single');
  return [...recurring.map(({ googleEventId, seriesId }) => seriesId ?? googleEventId), ...deletes];
}

/** Locks the sync state. Returns today's horizon, to which a calendar that has another one has been moved. */
async function settleHorizon(
  transaction: Transaction,
  { fence, run, timeZone }: PageCommit,
): Promise<HorizonSpan> {
  const { workspaceId, calendarId } = run;
  const { stored, today } = await holdPage(transaction, fence);
  const isToday = +stored.from === +today.from && +stored.to === +today.to;
  if (!isToday) await moveHorizon(transaction, { workspaceId, calendarId, timeZone, stored, today });
  return today;
}

/** What has moved with the calendar's zone. */
async function settleZone(
  transaction: Transaction,
  page: PageCommit,
  horizon: HorizonSpan,
): Promise<WrittenEvents['upserted']> {
  if (page.staleTimeZone === null || !isFirst(page)) return [];
  const target = { ...page.run, timeZone: page.timeZone, horizon };
  return changeZone(transaction, target, page.staleTimeZone);
}

async function commitChanges(transaction: Transaction, page: PageCommit): Promise<CommittedPage> {
  const { fence, run, upserts, deletes, syncToken } = page;
  const horizon = await settleHorizon(transaction, page);
  const moved = await settleZone(transaction, page, horizon);
  const relisted = run.mode === 'full';
  const written = await writeEvents(transaction, run.calendarId, upserts, deletes, {
    relisted,
    sparesNoted: !isFirst(page),
    cancelled: page.cancelled,
  });
  await noteNamed(transaction, page);
  if (relisted && syncToken !== null) written.deleted.push(...(await sweepUnlisted(transaction, page)));
  const touched = touchedBy(page, written, await leavesExceptions(transaction, run.calendarId, written));
  let changes: AppliedChange[] = [...written.upserted, ...written.deleted];
  if (run.mode === 'incremental' && syncToken !== null) {
    const context = { ...run, timeZone: page.timeZone };
    const earlier = isFirst(page) ? null : fence.runId;
    const series = [...touched.seriesIds, ...namedSeries(page)];
    changes = settleDropped(written, await dropIdleCancellations(transaction, context, series, earlier));
    if (earlier !== null) await forgetPages(transaction, run.calendarId);
  }
  await writeReadModel(transaction, page, horizon, touched);
  const named = new Set(changes.map(({ googleEventId }) => googleEventId));
  changes.unshift(...moved.filter(({ googleEventId }) => !named.has(googleEventId)));
  const finished = await finish(transaction, page, countsOf(written));
  await appendChanges(transaction, run, changes);
  return finished;
}

async function finish(
  database: Database | Transaction,
  page: PageCommit,
  written: CommittedPage['written'],
): Promise<CommittedPage> {
  return {
    written,
    totals: await finishPage(database, page.fence, page.run, written, readabilityOf(page), endOf(page)),
  };
}

function readabilityOf(page: PageCommit): PageReadability {
  const { run, upserts, deletes, unreadable, hasUnreadable } = page;
  const beginsAnew = run.mode === 'full' && isFirst(page);
  const mends = hasUnreadable && !beginsAnew;
  const readable = mends ? [...upserts.map(({ googleEventId }) => googleEventId), ...deletes] : [];
  return { beginsAnew, unreadable, readable };
}

function countsOf({ upserted, deleted }: WrittenEvents) {
  return { upserted: upserted.length, deleted: deleted.length };
}

/**
 * A listing that ends without a sync token may lack more than that: what it names is written, but it proves nothing
 * and deletes nothing that it does not name. The next one is full, and put off as after a token that has expired.
 */
function endOf({ run, syncToken, isLast, tokenExpired, tokenExpiries, poll }: PageCommit) {
  if (!isLast && syncToken === null) return null;
  const afterTrouble = nextTickAfterTrouble(tokenExpiries + 1);
  const next =
    tokenExpired || syncToken === null
      ? { plain: afterTrouble, withPush: afterTrouble }
      : nextSync(poll, run.calendarId);
  return { syncToken, nextSync: next, tokenExpired };
}

/**
 * Commits a listed page. Nothing at all is written when the claim is lost, and nothing of the page when its listing
 * lacks more than is believed at once.
 */
export async function commitPage(
  database: Database,
  page: PageCommit,
): Promise<CommittedPage | 'suspiciously-empty'> {
  const { run, upserts, deletes } = page;
  const unchanged = upserts.length === 0 && deletes.length === 0 && run.mode === 'incremental';
  // The first of several pages has to forget what a listing that was left in the middle has noted.
  const isStale = page.horizonIsWrong || page.staleTimeZone !== null;
  if (unchanged && !isStale && isFirst(page) !== (page.syncToken === null)) {
    return finish(database, page, { upserted: 0, deleted: 0 });
  }
  try {
    return await database.$transaction((transaction) => commitChanges(transaction, page), {
      timeout: LONGEST_COMMIT_MS,
      maxWait: LONGEST_WAIT_FOR_CONNECTION_MS,
    });
  } catch (error) {
    if (!(error instanceof DoubtfulListing)) throw error;
    const { unlisted } = error;
    await database.$transaction(async (transaction) => {
      await holdPage(transaction, page.fence);
      await noteSuspects(transaction, run.calendarId, unlisted);
    });
    return 'suspiciously-empty';
  }
}
