import type { Command } from 'commander';
import { printHint, printJson, printLine } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerMigrate(program: Command): void {
  withCommonOptions(program.command('migrate'))
    .description('bring the database schema up to date; concurrent runs are safe')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, variables, database }) => {
        const [
          { migrate },
          { tenantRoleProblem },
          { missingLoginStatements },
          { requireVariables },
          { withCommand },
        ] = await Promise.all([
          import('../../prisma/migrate.ts'),
          import('../../prisma/tenant-role.ts'),
          import('../../prisma/database-logins.ts'),
          import('../../client/environment.ts'),
          import('../remedies.ts'),
        ]);
        const { DATABASE_URL } = requireVariables(variables, 'DATABASE_URL');
        const applied = await migrate(DATABASE_URL);
        const opened = await database();
        const [problem, missing] = await Promise.all([
          tenantRoleProblem(opened),
          missingLoginStatements(opened),
        ]);
        // Only the API needs the role.
        if (problem !== null) printHint(withCommand(problem));
        if (missing !== null) {
          printHint(
            `To give workers and the API logins of their own, have an administrator of the server run \`${missing}\`, then run \`almanac migrate\` again.`,
          );
        }
        if (json) return printJson({ applied });
        printLine(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
      }),
    );
}
