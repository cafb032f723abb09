import type { Command } from 'commander';
import { htmlOption, printReport } from '../print-report.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface HealthOptions extends CommonOptions {
  html?: boolean;
}

export function registerHealth(program: Command): void {
  withCommonOptions(program.command('health'))
    .description('report on the installation: health, failures, deliveries, verifications and versions')
    .addOption(htmlOption())
    .action(({ html, ...options }: HealthOptions) =>
      runCommand(options, async ({ json, database, variables }) => {
        const { readHealthReport } = await import('../../services/reports/read-health-report.ts');
        const { healthLines } = await import('../../services/reports/health-lines.ts');
        const { healthOptions } = await import('../health-options.ts');
        const report = await readHealthReport(await database(), healthOptions(variables));
        await printReport({ json, html }, report, healthLines);
      }),
    );
}
