import type { Command } from 'commander';
import { htmlOption, printReport } from '../print-report.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface AgendaOptions extends CommonOptions {
  day?: string;
  html?: boolean;
}

export function registerAgenda(program: Command): void {
  withCommonOptions(program.command('agenda <workspace>'))
    .description('show the events, planned blocks and conflicts of a day, and what did not fit into the plan')
    .option('--day <date>', "a day in the workspace's time zone, such as 2026-01-05 (default: today)")
    .addOption(htmlOption())
    .action((workspaceId: string, { day, html, ...options }: AgendaOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { readAgenda } = await import('../../services/reports/read-agenda.ts');
        const { agendaReport } = await import('../../services/reports/agenda-lines.ts');
        const agenda = await readAgenda(await database(), workspaceId, day);
        await printReport({ json, html }, agenda, agendaReport);
      }),
    );
}
