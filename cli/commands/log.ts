import type { Command } from 'commander';
import type { LoggedRun, RunPage } from '../../services/reading/run-log.ts';
import { printJson, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';

const DEFAULT_LIMIT = 20;
const MOST_RUNS = 100_000;
const RUNS_PER_PAGE = 1_000;

interface LogOptions extends CommonOptions {
  limit: number;
  calendar?: string;
  failed?: boolean;
  since?: string;
}

export function registerLog(program: Command): void {
  withCommonOptions(program.command('log <workspace>'))
    .description('show the results of past syncs, one row per calendar, newest first')
    .option('--limit <n>', 'maximum number of runs', toWholeNumber(1, MOST_RUNS), DEFAULT_LIMIT)
    .option('--calendar <id>', 'only runs of this calendar')
    .option('--failed', 'only failed runs')
    .option(
      '--since <time>',
      "only runs since this time: an instant such as 2026-01-05T09:00:00Z, or a date in the workspace's time zone",
    )
    .action((workspaceId: string, options: LogOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listRuns } = await import('../../services/reading/run-log.ts');
        const { limit, calendar: calendarId, failed, since } = options;
        const runs: LoggedRun[] = [];
        let after: RunPage['cursor'];
        do {
          const left = Math.min(limit - runs.length, RUNS_PER_PAGE);
          const page = await listRuns(await database(), {
            workspaceId,
            calendarId,
            failed,
            since,
            after,
            limit: left,
          });
          runs.push(...page.runs);
          after = page.cursor;
        } while (after && runs.length < limit);
        if (json) return printJson(runs);
        await printTable(
          [
            'started',
            'calendar',
            'mode',
            'source',
            'outcome',
            'failure',
            'pages',
            'upserted',
            'deleted',
            'ms',
          ],
          runs.map((run) => [
            run.startedAt,
            run.calendarId,
            run.mode,
            run.source,
            run.outcome,
            run.failureType,
            run.pages,
            run.upserted,
            run.deleted,
            run.durationMs,
          ]),
          'No run matches.',
        );
      }),
    );
}
