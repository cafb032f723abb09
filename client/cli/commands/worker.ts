import type { Command } from 'commander';
import { type CommonOptions, runCommand, withCommonOptions } from '../run-command.ts';

export function registerWorker(program: Command): void {
  withCommonOptions(program.command('worker'))
    .description('run a worker until SIGTERM; WORKER_TASK_QUEUES narrows what it serves')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ variables }) => {
        const [{ parseEnvironment }, { runWorker }, { temporalSettings }] = await Promise.all([
          import('../../../contracts/environment.ts'),
          import('../../../worker/run-worker.ts'),
          import('../../temporal-client.ts'),
        ]);
        await runWorker(parseEnvironment(variables), temporalSettings(variables));
      }),
    );
}
