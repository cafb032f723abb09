import { type Command, Option } from 'commander';
import { printJson, printLine } from '../../terminal/output.ts';
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
    .addOption(new Option('--html', 'print HTML on stdout').conflicts('json'))
    .action((workspaceId: string, options: AgendaOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { readAgenda } = await import('../../services/reports/read-agenda.ts');
        const agenda = await readAgenda(await database(), workspaceId, options.day);
        if (json) return printJson(agenda);
        if (options.html) {
          const { agendaHtml } = await import('../../services/reports/agenda-html.ts');
          return printLine(agendaHtml(agenda).trimEnd());
        }
        const { agendaText } = await import('../../services/reports/agenda-text.ts');
        printLine(agendaText(agenda).trimEnd());
      }),
    );
}
