import type { Command } from 'commander';
import { printJson, printLine } from '../../terminal/output.ts';
import type { CommonOptions } from '../common-options.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';

interface FinishOptions extends CommonOptions {
  yes?: boolean;
  nothingLost?: boolean;
}

export function registerRestore(program: Command): void {
  const restore = program
    .command('restore')
    .description('put the installation right after a restore of Postgres');
  withCommonOptions(restore.command('finish'))
    .description(
      'make readers of change logs and receivers of webhooks begin anew, sync every calendar, replace push channels',
    )
    .option('--yes', 'confirm that the database was restored to an earlier state')
    .option('--nothing-lost', 'only note that no commit is missing, for instance after a planned switch-over')
    .action((options: FinishOptions) => runCommand(options, (context) => finish(context, options)));
}

async function finish(
  { json, database }: Parameters<Parameters<typeof runCommand>[1]>[0],
  { yes = false, nothingLost = false }: FinishOptions,
): Promise<void> {
  const [{ RequiredInputError }, { confirmServer }, { finishRestore }] = await Promise.all([
    import('../../services/errors.ts'),
    import('../../prisma/server-identity.ts'),
    import('../../services/finish-restore.ts'),
  ]);
  if (!yes)
    throw new RequiredInputError('yes', 'must be given, because every copy of the mirror is made anew');
  const opened = await database();
  if (nothingLost) {
    await confirmServer(opened);
    if (json) return printJson({ logs: 0, webhooks: 0, calendars: 0, channels: 0 });
    return printLine('It is noted that no commit is missing.');
  }
  const finished = await finishRestore(opened, new AbortController().signal);
  if (json) return printJson(finished);
  const { logs, webhooks, calendars, channels } = finished;
  printLine(`Logs that readers begin anew: ${logs}. Webhooks that are replayed: ${webhooks}.`);
  printLine(`Calendars that are due: ${calendars}. Push channels that are replaced: ${channels}.`);
}
