import type { Command } from 'commander';
import { DAY_MINUTES } from '../../contracts/durations.ts';
import {
  MAX_BUFFER_MINUTES,
  MOST_PROOF_AGE_SECONDS,
  MOST_SLOTS,
  STEP_MINUTES,
} from '../../contracts/limits.ts';
import type { AvailabilityInput } from '../../services/availability/availability-input.ts';
import { collect } from '../../terminal/collect.ts';
import { printJson } from '../../terminal/output.ts';
import { toSeconds } from '../../terminal/to-seconds.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface SlotOptions {
  duration?: number;
  grid?: number;
  hours?: string;
  buffer?: number;
  group?: string[];
  prefer?: string[];
  most?: number;
  apart?: boolean;
}

interface FreeOptions extends CommonOptions, SlotOptions {
  from: string;
  to: string;
  timeZone?: string;
  movable?: string;
  maxAge?: number;
}

const buffer = toWholeNumber(0, MAX_BUFFER_MINUTES);

export function registerFree(program: Command): void {
  withCommonOptions(program.command('free <workspaces...>'))
    .description('show when workspaces are busy and, with --duration, when they can meet')
    .requiredOption(
      '--from <time>',
      'inclusive start: an instant such as 2026-01-05T09:00:00Z, or a date in --time-zone',
    )
    .requiredOption('--to <time>', 'exclusive end, in the same form')
    .option('--time-zone <zone>', 'zone of dates and of the grid (default: that of the first workspace)')
    .option('--movable <what>', 'planned blocks that can move are busy, free, or free if they move (ask)')
    .option(
      '--duration <minutes>',
      'find slots of this length, best first',
      toWholeNumber(STEP_MINUTES, DAY_MINUTES),
    )
    .option('--grid <minutes>', 'slots start at multiples of 5, 10, 15, 30 or 60', Number)
    .option('--hours <hours>', 'work: in working hours only (default); any: at any time')
    .option('--buffer <minutes>', 'free time before and after a slot', buffer)
    .option(
      '--group <workspaces>',
      'who has to be able to come, with the least number after a colon: ada,grace,linus:2 (repeatable; default: all)',
      (text: string, earlier: string[] | undefined) => [...(earlier ?? []), text],
    )
    .option(
      '--prefer <preferences>',
      'order of the slots: earliest, latest, fewestMoves, mostPeople, middleOfHours',
      collect,
    )
    .option('--most <n>', `number of slots, at most ${MOST_SLOTS}`, toWholeNumber(1, MOST_SLOTS))
    .option('--apart', 'only slots that do not overlap each other')
    .option(
      '--max-age <time>',
      'sync calendars first whose proof is older, such as 60s or 5m',
      toSeconds(1, MOST_PROOF_AGE_SECONDS),
    )
    .action((workspaceIds: string[], options: FreeOptions) =>
      runCommand(options, async (context) => {
        const { json, database } = context;
        const { findAvailability } = await import('../../services/availability/find-availability.ts');
        const { from, to, timeZone, movable, maxAge } = options;
        const slots = await slotsOf(options);
        // The schema checks what is text here.
        const question = {
          workspaceIds,
          windows: [{ from, to }],
          ...(timeZone !== undefined && { timeZone }),
          ...(movable !== undefined && { movable }),
          ...(slots !== null && { slots }),
        } as AvailabilityInput;
        let found = await findAvailability(await database(), question);
        if (maxAge !== undefined) {
          const { proveFirst } = await import('../prove-first.ts');
          await proveFirst(context, workspaceIds, maxAge);
          found = await findAvailability(await database(), question);
        }
        if (json) return printJson(found);
        const { printAvailability } = await import('../print-availability.ts');
        await printAvailability(found);
      }),
    );
}

async function slotsOf(options: SlotOptions): Promise<object | null> {
  const { duration, grid, hours, buffer: minutes, group, prefer, most, apart } = options;
  if (duration === undefined) {
    const given = { grid, hours, buffer: minutes, group, prefer, most, apart };
    const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
    if (name === undefined) return null;
    const { InvalidInputError } = await import('../../services/errors.ts');
    throw new InvalidInputError(name, 'must be given together with --duration');
  }
  return {
    durationMinutes: duration,
    ...(grid !== undefined && { granularityMinutes: grid }),
    ...(hours !== undefined && { hours }),
    ...(minutes !== undefined && { bufferBeforeMinutes: minutes, bufferAfterMinutes: minutes }),
    ...(group !== undefined && { groups: group.map(toGroup) }),
    ...(prefer !== undefined && { prefer }),
    ...(most !== undefined && { most }),
    ...(apart && { overlapping: false }),
  };
}

function toGroup(text: string): object {
  const [names = '', atLeast] = text.split(':');
  return { workspaceIds: collect(names), ...(atLeast !== undefined && { atLeast: Number(atLeast) }) };
}
