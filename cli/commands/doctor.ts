import type { Command } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { printJson, printLine } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerDoctor(program: Command): void {
  withCommonOptions(program.command('doctor'))
    .description('check everything Almanac needs, with a remedy for each problem')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, variables }) => {
        const [{ examine }, { explainError }, { default: color }] = await Promise.all([
          import('../doctor/examine.ts'),
          import('../explain-error.ts'),
          import('picocolors'),
        ]);
        const findings = await examine(variables, (error) => explainError(error, variables).message);
        const failed = findings.some(({ state }) => state === 'fail');
        if (json) {
          printJson({ ok: !failed, checks: findings });
        } else {
          const paint = { ok: color.green, warn: color.yellow, fail: color.red, skipped: color.dim };
          for (const { check, state, message, mend } of findings) {
            printLine(`${paint[state](state.padEnd(7))} ${check}: ${message}`);
            if (mend) printLine(`        ${mend}`);
          }
        }
        return failed ? ExitCode.failed : ExitCode.ok;
      }),
    );
}
