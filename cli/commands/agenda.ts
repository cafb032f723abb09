import type { Command } from 'commander';
import { htmlOption, printReport } from '../print-report.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface AgendaOptions extends CommonOptions {
  day?: string;
  html?: boolean;
  narrative?: boolean;
}

export function registerAgenda(program: Command): void {
  withCommonOptions(program.command('agenda <workspace>'))
    .description('show the events, planned blocks and conflicts of a day, and what did not fit into the plan')
    .option('--day <date>', "a day in the workspace's time zone, such as 2026-01-05 (default: today)")
    .option(
      '--narrative',
      'let the language model of NARRATIVE_API_URL tell the day in words, if the workspace allows it',
    )
    .addOption(htmlOption())
    .action((workspaceId: string, { day, html, narrative = false, ...options }: AgendaOptions) =>
      runCommand(options, async ({ json, database, variables }) => {
        const { readAgenda } = await import('../../services/reports/read-agenda.ts');
        const { agendaReport } = await import('../../services/reports/agenda-lines.ts');
        const plain = await readAgenda(await database(), workspaceId, day);
        const agenda = narrative
          ? await (await import('../narrated.ts')).narrated(await database(), plain, variables)
          : plain;
        await printReport({ json, html }, agenda, agendaReport);
      }),
    );
}
