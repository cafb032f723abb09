import type { EventRow } from '../../calendar/event-row.ts';
import { expandSingle } from '../../calendar/expand.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { type AppliedChange, appendChanges } from '../change-log/append-changes.ts';
import { changeZone } from './change-zone.ts';
import { dropIdleCancellations } from './drop-cancellations.ts';
import { expandSources } from './expand-sources.ts';
import type { Fence } from './fence.ts';
import { finishPage, type PageReadability, type RunContext, type RunTotals } from './finish-page.ts';
import { holdPage } from './hold-page.ts';
import { readOwnVersions, withoutOvertaken } from './own-versions.ts';
import { type HorizonSpan, toHorizon } from './horizon.ts';
import { joinChanges, noteChanges, type ReadModelChanges, UNCHANGED } from './read-model-changes.ts';
import { nextSync, nextTickAfterFailures, type PollSettings } from './next-sync.ts';
import { moveHorizon } from './roll-horizon.ts';
import { forgetPages, markPage, noteSuspects, readSuspects, sweep } from './sweep.ts';
import { findUnlisted, isDoubtful } from './unlisted-events.ts';
import { writeEvents, type WrittenEvents } from './write-events.ts';
import { replaceOccurrences } from './write-occurrences.ts';

/**
 * Limit of a commit: a page of 2,500 daily series writes more than a million occurrences, while a plain page
 * takes a tenth of a second.
 */
const LONGEST_COMMIT_MS = 4 * 60_000;
const LONGEST_WAIT_FOR_CONNECTION_MS = 30_000;

interface PageCommit {
  fence: Fence;
  /** Index of the page within the part that the fence names, from 0. */
  index: number;
  run: RunContext;
  timeZone: string;
  upserts: readonly EventRow[];
  deletes: readonly string[];
  cancelled: readonly string[];
  /** IDs of items that could not be read. Their events stay as they are, and are not swept. */
  unreadable: readonly string[];
  /** Whether the claim found items that were unreadable before. */
  hasUnreadable: boolean;
  /** Null on every page but the last, and on a last page that lacks it. */
  syncToken: string | null;
  isLast: boolean;
  tokenExpired: boolean;
  /** Whether there was a sync token before this listing. */
  hasToken: boolean;
  /** Number of sync tokens that expired in a row before this listing. */
  tokenExpiries: number;
  confirmEmpty: boolean;
  poll: PollSettings;
  /** Whether the claim found an outdated horizon. It is corrected even where nothing else has changed. */
  horizonIsWrong: boolean;
  /**
   * Zone in which the stored events were read, if it differs from `timeZone`. The first page converts them.
   */
  staleTimeZone: string | null;
}

interface CommittedPage {
  totals: RunTotals;
  /** Rows that this page changed, including those that its sweep deleted. */
  written: { upserted: number; deleted: number };
}

const isFirst = ({ fence, index }: PageCommit) => fence.part === 0 && index === 0;

/** A full listing lacks more stored events than one answer may delete. */
class DoubtfulListing extends Error {
  readonly unlisted: readonly string[];

  constructor(unlisted: readonly string[]) {
    super(`${unlisted.length} stored events were not listed.`);
    this.unlisted = unlisted;
  }
}

/** Parts of the read model that a page's changes affect. */
interface Touched {
  /** Changed single events of the page. */
  singles: EventRow[];
  /** IDs of sources that need no stored rows: `singles`, and deleted events that leave no exceptions. */
  settledIds: string[];
  /** IDs of series to expand again, because the series or one of its exceptions has changed. */
  seriesIds: string[];
}

/** IDs of deleted events whose exceptions are still stored. Such exceptions are shown on their own. */
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
 * Brings the read model in line with the written rows. Single events are expanded from the page, in one
 * statement with the deleted sources. A series is expanded from its stored rows, because its exceptions may
 * have come on other pages.
 */
async function writeReadModel(
  transaction: Transaction,
  page: PageCommit,
  span: HorizonSpan,
  { singles, settledIds, seriesIds }: Touched,
): Promise<ReadModelChanges> {
  const horizon = toHorizon(span);
  const own = singles.flatMap((row) => expandSingle(row, horizon));
  const settled = await replaceOccurrences(transaction, page.run, settledIds, {
    plain: [],
    own,
    tooCostly: [],
  });
  const target = { ...page.run, timeZone: page.timeZone, horizon: span };
  const expanded = await expandSources(transaction, target, seriesIds, 'replace');
  return joinChanges(settled, expanded);
}

async function sweepUnlisted(
  transaction: Transaction,
  page: PageCommit,
  spared: ReadonlySet<string>,
): Promise<WrittenEvents['deleted']> {
  const { calendarId } = page.run;
  const found = await findUnlisted(transaction, calendarId, 'calendar_listing_pages');
  const { stored } = found;
  const unlisted = found.unlisted.filter((id) => !spared.has(id));
  const suspects = page.confirmEmpty ? await readSuspects(transaction, calendarId) : new Set();
  const newlyGone = unlisted.filter((id) => !suspects.has(id)).length;
  if (isDoubtful(newlyGone, stored)) throw new DoubtfulListing(unlisted);
  return sweep(transaction, calendarId, unlisted);
}

/** Records the IDs that the page named, for later pages of the listing. */
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

/**
 * Combines written and dropped rows for the change log. A row that was inserted and dropped at once is left
 * out.
 */
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

/**
 * IDs of series that the page names directly or through an exception, changed or not, and of everything it
 * deletes.
 */
function namedSeries({ upserts, deletes }: PageCommit): string[] {
  const recurring = upserts.filter(({ kind }) => kind !== 'single');
  return [...recurring.map(({ googleEventId, seriesId }) => seriesId ?? googleEventId), ...deletes];
}

/** Locks the sync state, and moves the calendar to today's horizon if it has another one. */
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

/** Converts events to the calendar's new zone, on the first page. Returns those whose times have changed. */
async function settleZone(
  transaction: Transaction,
  page: PageCommit,
  horizon: HorizonSpan,
): ReturnType<typeof changeZone> {
  if (page.staleTimeZone === null || !isFirst(page)) return { moved: [], readModel: UNCHANGED };
  const target = { ...page.run, timeZone: page.timeZone, horizon };
  return changeZone(transaction, target, page.staleTimeZone);
}

async function commitChanges(transaction: Transaction, listed: PageCommit): Promise<CommittedPage> {
  const horizon = await settleHorizon(transaction, listed);
  const ownVersions = await readOwnVersions(transaction, listed.run.calendarId);
  const { upserts, spared } = withoutOvertaken(listed.upserts, ownVersions);
  const page = { ...listed, upserts };
  const { fence, run, deletes, syncToken } = page;
  const { moved, readModel: rezoned } = await settleZone(transaction, page, horizon);
  const relisted = run.mode === 'full';
  const written = await writeEvents(transaction, run.calendarId, upserts, deletes, {
    relisted,
    relistsCancelled: !page.hasToken,
    sparesNoted: !isFirst(page),
    cancelled: page.cancelled,
  });
  await noteNamed(transaction, page);
  if (relisted && syncToken !== null)
    written.deleted.push(...(await sweepUnlisted(transaction, page, spared)));
  const touched = touchedBy(page, written, await leavesExceptions(transaction, run.calendarId, written));
  let changes: AppliedChange[] = [...written.upserted, ...written.deleted];
  if (run.mode === 'incremental' && syncToken !== null) {
    const context = { ...run, timeZone: page.timeZone };
    const earlier = isFirst(page) ? null : fence.runId;
    const series = [...touched.seriesIds, ...namedSeries(page)];
    changes = settleDropped(written, await dropIdleCancellations(transaction, context, series, earlier));
    if (earlier !== null) await forgetPages(transaction, run.calendarId);
  }
  const rewritten = await writeReadModel(transaction, page, horizon, touched);
  const named = new Set(changes.map(({ googleEventId }) => googleEventId));
  changes.unshift(...moved.filter(({ googleEventId }) => !named.has(googleEventId)));
  const finished = await finish(transaction, page, countsOf(written));
  await appendChanges(transaction, run, changes);
  await noteChanges(transaction, run, joinChanges(rezoned, rewritten));
  return finished;
}

async function finish(
  database: Database | Transaction,
  page: PageCommit,
  written: CommittedPage['written'],
): Promise<CommittedPage> {
  return {
    written,
    totals: await finishPage(
      database,
      page.fence,
      page.run,
      written,
      readabilityOf(page),
      endOf(page, written),
    ),
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
 * Final state that the last page writes; null on every other page. A listing without a sync token may be
 * incomplete: the events it names are written, but it proves nothing and deletes nothing that it does not
 * name. The next listing is full, and delayed as after an expired token.
 */
function endOf(
  { run, syncToken, isLast, tokenExpired, tokenExpiries, poll }: PageCommit,
  { upserted, deleted }: CommittedPage['written'],
) {
  if (!isLast && syncToken === null) return null;
  const next =
    tokenExpired || syncToken === null
      ? Prisma.sql`select ${nextTickAfterFailures(tokenExpiries + 1)} as due, null::int as stretched`
      : nextSync(poll, run.calendarId, upserted + deleted > 0);
  return { syncToken, nextSync: next, tokenExpired };
}

/**
 * Commits a listed page. A lost claim rolls everything back. A doubtful listing (see `isDoubtful`) also rolls
 * the page back, and records what it lacks for the next listing to confirm.
 */
export async function commitPage(
  database: Database,
  page: PageCommit,
): Promise<CommittedPage | 'suspiciously-empty'> {
  const { run, upserts, deletes } = page;
  const unchanged = upserts.length === 0 && deletes.length === 0 && run.mode === 'incremental';
  // The first of several pages takes the long way: it has to forget what an abandoned listing recorded.
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
