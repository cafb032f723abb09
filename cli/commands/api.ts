import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerApi(program: Command): void {
  withCommonOptions(program.command('api'))
    .description('serve the HTTP API at API_HOST and API_PORT until SIGTERM')
    .action((options: CommonOptions) =>
      runCommand(
        options,
        async ({ variables }) => {
          const [{ parseEnvironment }, { runApi }, { temporalSettings }, { startTracing }] =
            await Promise.all([
              import('../../contracts/environment.ts'),
              import('../../api/run-api.ts'),
              import('../../client/temporal-client.ts'),
              import('../../tracing/start-tracing.ts'),
            ]);
          const environment = parseEnvironment(variables);
          const tracing = await startTracing(variables);
          try {
            await runApi(environment, temporalSettings(variables), tracing);
          } finally {
            await tracing?.shutdown();
          }
        },
        { isServer: true },
      ),
    );
}
