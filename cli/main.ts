import { CommanderError } from 'commander';
import { ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';

// `almanac events … | head` closes the pipe early: that is the reader's decision, not a failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

async function run(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed its message. Help and version are no mistakes.
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
}

await run();
// Prisma's migration engine keeps a timer. Exit once the output is written, not when the last timer has run.
process.stdout.write('', () => process.exit());
