import { CommanderError } from 'commander';
import { ExitCode } from './exit-code.ts';
import { createProgram } from './program.ts';

// `almanac events … | head` closes the pipe early, which is not a failure.
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
    // Commander has printed its message. Help and version exit with 0.
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
}

await run();
// Prisma's migration engine keeps a timer running, so exit explicitly once the output is written.
process.stdout.write('', () => process.exit());
