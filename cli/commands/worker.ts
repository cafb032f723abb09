import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerWorker(program: Command): void {
  withCommonOptions(program.command('worker'))
    .description('run a worker until SIGTERM; WORKER_TASK_QUEUES limits its task queues')
    .action((options: CommonOptions) =>
      runCommand(
        options,
        async ({ variables }) => {
          const [{ parseEnvironment }, { runWorker }, { temporalSettings }, { startTracing }] =
            await Promise.all([
              import('../../contracts/environment.ts'),
              import('../../worker/run-worker.ts'),
              import('../../client/temporal-client.ts'),
              import('../../tracing/start-tracing.ts'),
            ]);
          const environment = parseEnvironment(variables);
          const tracing = await startTracing(variables);
          try {
            await runWorker(environment, temporalSettings(variables), tracing);
          } finally {
            await tracing?.shutdown();
          }
        },
        { isServer: true },
      ),
    );
}
