import type { EmulatorAdmin } from '../../emulator/admin.ts';
import type { Database } from '../../prisma/client.ts';
import { createRandom, RandomEditor } from '../../test/support/random-editor.ts';
import type { GcalSync, MirroredItem } from '../peers/gcal-sync.ts';
import { compareItems, compareOccurrences, type ItemDifference, liveItems } from './compare.ts';
import { type KnownDifference, knownItem, knownOccurrences } from './known-differences.ts';
import { readItems, readOccurrences } from './read-mirror.ts';

/** Two mirrors of the same Google calendars. */
export interface OracleMirrors {
  google: EmulatorAdmin;
  database: Database;
  /** Brings Almanac's mirror up to date. */
  sync(): Promise<void>;
  gcalSync: GcalSync;
  googleCalendarIds: readonly string[];
}

interface OracleDifference {
  calendar: string;
  /** Number of edits made before. */
  edit: number;
  difference: ItemDifference<MirroredItem | number>;
}

export interface OracleReport {
  seed: number;
  edits: number;
  /** Number of comparisons, each after a sync of both mirrors. */
  comparisons: number;
  itemsCompared: number;
  occurrencesCompared: number;
  /** Number of known deviations of gcal_sync. */
  known: Record<KnownDifference, number>;
  differences: OracleDifference[];
}

const MOST_EDITS_BETWEEN_SYNCS = 12;
/** Share of comparisons before which the sync tokens expire, so that both mirrors list everything anew. */
const TOKENS_EXPIRE_SHARE = 0.1;
/** Small pages and empty ones, so that many listings have several. */
const PAGE_SIZES = [1, 3, 10, 2_500];
/** One is enough to look at; what differs once differs ever after. */
const MOST_DIFFERENCES = 20;

/**
 * Has a random editor change calendars, and after every few edits compares what two mirrors made of it. It
 * ends early once they differ.
 */
export async function runOracle(
  { google, database, sync, gcalSync, googleCalendarIds }: OracleMirrors,
  { seed, edits }: { seed: number; edits: number },
): Promise<OracleReport> {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const editors = googleCalendarIds.map((id) => new RandomEditor(google, id, random));
  const report: OracleReport = {
    seed,
    edits: 0,
    comparisons: 0,
    itemsCompared: 0,
    occurrencesCompared: 0,
    known: {
      'reset exception': 0,
      'start off the rule': 0,
      'exception of a deleted series': 0,
      'change of clocks': 0,
    },
    differences: [],
  };

  function note<Of extends MirroredItem | number>(
    differences: readonly ItemDifference<Of>[],
    known: (difference: ItemDifference<Of>) => KnownDifference | null,
    calendar: string,
  ): void {
    for (const difference of differences) {
      const name = known(difference);
      if (name !== null) report.known[name] += 1;
      else if (report.differences.length < MOST_DIFFERENCES)
        report.differences.push({ calendar, edit: report.edits, difference });
    }
  }

  async function compare(calendar: string): Promise<void> {
    await gcalSync.sync(calendar);
    const theirs = await gcalSync.items(calendar);
    const listed = new Map((await google.listEvents(calendar)).map((event) => [event.id, event]));
    const circumstances = { listed, theirs };
    const ours = liveItems(await readItems(database, calendar));
    note(compareItems(ours, liveItems(theirs)), (found) => knownItem(found, circumstances), calendar);
    const { from, to, occurrences } = await readOccurrences(database, calendar);
    const shown = await gcalSync.occurrences(calendar, from, to);
    const differing = compareOccurrences(occurrences, shown, [from, to]);
    note(differing, knownOccurrences(differing, circumstances), calendar);
    report.itemsCompared += ours.length;
    report.occurrencesCompared += occurrences.length;
  }

  while (report.edits < edits && report.differences.length === 0) {
    const next = Math.min(edits, report.edits + 1 + Math.floor(random() * MOST_EDITS_BETWEEN_SYNCS));
    for (; report.edits < next; report.edits += 1) await pick(editors).edit();
    if (random() < TOKENS_EXPIRE_SHARE) await google.expireSyncTokens();
    await google.setPageShape({ maxPageSize: pick(PAGE_SIZES), emptyPageEvery: pick([0, 3]) });
    await sync();
    for (const calendar of googleCalendarIds) await compare(calendar);
    report.comparisons += 1;
  }
  return report;
}
