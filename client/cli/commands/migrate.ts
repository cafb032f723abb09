import type { Command } from 'commander';
import { printJson, printLine } from '../output.ts';
import { type CommonOptions, runCommand, withCommonOptions } from '../run-command.ts';

export function registerMigrate(program: Command): void {
  withCommonOptions(program.command('migrate'))
    .description('bring the database schema up to date; several at once are safe')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, variables }) => {
        const [{ migrate }, { requireVariables }] = await Promise.all([
          import('../../../prisma/migrate.ts'),
          import('../../environment.ts'),
        ]);
        const { DATABASE_URL } = requireVariables(variables, 'DATABASE_URL');
        const applied = await migrate(DATABASE_URL);
        if (json) return printJson({ applied });
        printLine(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
      }),
    );
}
