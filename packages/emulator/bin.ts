#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { startEmulatorCommand } from '../../emulator/main.ts';
import { EmulatorOptionError } from '../../emulator/option-error.ts';

const HIGHEST_PORT = 65_535;
const HIGHEST_SEED = 2 ** 31 - 1;
const MOST_USERS = 10_000;
const MOST_CALENDARS = 100;
const MOST_EVENTS = 1_000_000;
const USAGE_ERROR = 2;

/** A parser of whole numbers within limits. */
function wholeNumber(lowest: number, highest: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < lowest || value > highest)
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    return value;
  };
}

const program = new Command('almanac-emulator')
  .description('Run a Google Calendar emulator until Ctrl-C.')
  .option('--ics <file>', 'serve an iCalendar file as a calendar (repeatable)', another)
  .option('--port <n>', 'port to listen on; 0 takes a free one; default 4010', wholeNumber(0, HIGHEST_PORT))
  .option('--host <address>', 'address to listen on; default 127.0.0.1')
  .option('--users <n>', 'number of users to generate', wholeNumber(1, MOST_USERS))
  .option(
    '--calendars-per-user <n>',
    'number of calendars per generated user',
    wholeNumber(1, MOST_CALENDARS),
  )
  .option('--events-per-calendar <n>', 'number of events per generated calendar', wholeNumber(0, MOST_EVENTS))
  .option('--seed <n>', 'the same seed generates the same events', wholeNumber(0, HIGHEST_SEED))
  .option('--state-file <file>', 'file that keeps the state between runs')
  .option('--json', 'print one JSON line instead of text')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : USAGE_ERROR))
  .parse();

function another(file: string, files: string[] = []): string[] {
  return [...files, file];
}

try {
  await startEmulatorCommand(program.opts());
} catch (error) {
  if (!(error instanceof EmulatorOptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(USAGE_ERROR);
}
