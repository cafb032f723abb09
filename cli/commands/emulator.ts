import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';

const HIGHEST_PORT = 65_535;
const HIGHEST_SEED = 2 ** 31 - 1;
const MOST_USERS = 10_000;
const MOST_CALENDARS = 100;
const MOST_EVENTS = 1_000_000;

interface EmulatorOptions extends CommonOptions {
  ics?: string[];
  port?: number;
  host?: string;
  seed?: number;
  users?: number;
  calendarsPerUser?: number;
  eventsPerCalendar?: number;
  stateFile?: string;
}

export function registerEmulator(program: Command): void {
  withCommonOptions(program.command('emulator'))
    .description('run a Google Calendar emulator until Ctrl-C')
    .option('--ics <file>', 'serve an iCalendar file as a calendar (repeatable)', another)
    .option('--port <n>', 'port to listen on; 0 takes a free one', toWholeNumber(0, HIGHEST_PORT))
    .option('--host <address>', 'address to listen on')
    .option('--users <n>', 'number of users to generate', toWholeNumber(1, MOST_USERS))
    .option(
      '--calendars-per-user <n>',
      'number of calendars per generated user',
      toWholeNumber(1, MOST_CALENDARS),
    )
    .option(
      '--events-per-calendar <n>',
      'number of events per generated calendar',
      toWholeNumber(0, MOST_EVENTS),
    )
    .option(
      '--seed <n>',
      'seed of the generator; the same seed generates the same events',
      toWholeNumber(0, HIGHEST_SEED),
    )
    .option('--state-file <file>', 'file that keeps the state between runs')
    .action(({ verbose, ...options }: EmulatorOptions) =>
      runCommand(
        { verbose, json: options.json },
        async () => {
          await start(options);
          // Serves until a signal, then closes itself and exits.
          await new Promise(() => {});
        },
        { ownStack: true },
      ),
    );
}

async function start(options: Omit<EmulatorOptions, 'verbose'>): Promise<void> {
  const [{ startEmulatorCommand }, { EmulatorOptionError }, { InvalidInputError }] = await Promise.all([
    import('../../emulator/main.ts'),
    import('../../emulator/option-error.ts'),
    import('../../services/errors.ts'),
  ]);
  try {
    await startEmulatorCommand(options);
  } catch (error) {
    if (!(error instanceof EmulatorOptionError)) throw error;
    throw new InvalidInputError(error.option, error.rule, { cause: error });
  }
}

function another(file: string, files: string[] = []): string[] {
  return [...files, file];
}
