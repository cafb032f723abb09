import { requireVariables } from '../client/environment.ts';
import { MOST_MOMENTS, pageOfMoments } from '../services/time-travel/list-moments.ts';
import { printHint, printJson, printTable } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';

/** Body of `almanac changes --moments`. */
export async function printMoments(
  { json, database, variables }: CommandContext,
  workspaceId: string,
  limit: number,
): Promise<void> {
  const { TIME_TRAVEL_RETENTION_DAYS: days } = requireVariables(variables, 'TIME_TRAVEL_RETENTION_DAYS');
  const page = await pageOfMoments(
    await database(),
    workspaceId,
    { limit: Math.min(limit, MOST_MOMENTS) },
    days,
  );
  if (json) return printJson(page.rows);
  await printTable(
    ['committed', 'changes'],
    page.rows.map(({ at, changes }) => [at, changes]),
    'Nothing has changed within the days that are kept.',
  );
  if (page.cursor !== undefined) printHint('There were changes before: --limit shows more.');
}
