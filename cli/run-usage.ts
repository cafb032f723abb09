import { listUsage, type Usage, type UsageFilter } from '../services/usage/list-usage.ts';
import { usageCsv } from '../services/usage/usage-csv.ts';
import type { CommandContext } from './command-context.ts';
import { printHint, printJson, printTable } from '../terminal/output.ts';

const ROWS_PER_PAGE = 10_000;
/** Longer output than any reader of a table wants, and less than memory holds. */
const MOST_ROWS = 500_000;

interface UsageCommand extends Pick<UsageFilter, 'workspaceId' | 'from' | 'to'> {
  csv: boolean;
}

/** Body of `almanac usage`. */
export async function runUsage(
  { json, database }: CommandContext,
  { csv, ...filter }: UsageCommand,
): Promise<void> {
  const rows: Usage[] = [];
  let after: UsageFilter['after'];
  do {
    const page = await listUsage(await database(), { ...filter, after, limit: ROWS_PER_PAGE });
    rows.push(...page.rows);
    after = page.cursor;
  } while (after !== undefined && rows.length < MOST_ROWS);
  if (after !== undefined) printHint(`There is more: --from ${after.day}`);
  if (json) return printJson(rows);
  if (csv) return void process.stdout.write(usageCsv(rows));
  await printTable(
    [
      'day',
      'workspace',
      'calendars',
      'events',
      'syncs',
      'changes',
      'writes',
      'Google requests',
      'API calls',
      'deliveries',
      'Temporal actions',
    ],
    rows.map((row) => [
      row.day,
      row.workspaceId,
      row.calendars,
      row.events,
      row.syncs,
      row.changes,
      row.eventWrites,
      row.googleRequests,
      row.apiCalls,
      row.deliveries === row.deliveryAttempts
        ? row.deliveries
        : `${row.deliveries} of ${row.deliveryAttempts}`,
      row.temporalActions,
    ]),
    'Nothing was used on these days.',
  );
}
