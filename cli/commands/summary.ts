import type { Command } from 'commander';
import { htmlOption, printReport } from '../print-report.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface SummaryOptions extends CommonOptions {
  week?: string;
  html?: boolean;
}

export function registerSummary(program: Command): void {
  withCommonOptions(program.command('summary <workspace>'))
    .description('show the meetings, focus time, kept blocks and done habits of a week')
    .option(
      '--week <week>',
      "an ISO week in the workspace's time zone, such as 2026-W48 (default: the last full week)",
    )
    .addOption(htmlOption())
    .action((workspaceId: string, { week, html, ...options }: SummaryOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { readSummary } = await import('../../services/reports/read-summary.ts');
        const { summaryReport } = await import('../../services/reports/summary-lines.ts');
        const summary = await readSummary(await database(), workspaceId, week);
        await printReport({ json, html }, summary, summaryReport);
      }),
    );
}
