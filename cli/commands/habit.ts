import type { Command } from 'commander';
import type { HabitChanges } from '../../services/planning/habit-fields.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { DAY_MINUTES } from '../../contracts/durations.ts';

/** Value that clears a time, a preference or an order. */
const NONE = 'none';

interface HabitOptions extends CommonOptions {
  title?: string;
  rrule?: string;
  priority?: HabitChanges['priority'];
  start?: string;
  duration?: number;
  min?: number;
  ideal?: string;
  preference?: string;
  hours?: string;
  after?: string;
  before?: string;
  auto?: boolean;
}

export function registerHabit(program: Command): void {
  const habit = program.command('habit').description('manage habits: recurring work, at most once a day');

  withFields(habit.command('add <workspace> <title>'))
    .description('add a habit')
    .requiredOption('--rrule <rule>', 'rule for its days, for instance FREQ=WEEKLY;BYDAY=MO,WE')
    .requiredOption('--duration <minutes>', 'how long it takes', toWholeNumber(5, DAY_MINUTES))
    .action(
      (workspaceId: string, title: string, options: HabitOptions & { rrule: string; duration: number }) =>
        runCommand(options, async ({ json, database }) => {
          const { createHabit } = await import('../../services/planning/habits.ts');
          const { rrule, duration: durationMinutes } = options;
          const fields = { ...toChanges(options), title, rrule, durationMinutes };
          const added = await createHabit(await database(), workspaceId, fields);
          if (json) return printJson(added);
          printLine(`Habit ${added.id} is added.`);
        }),
    );

  withFields(habit.command('change <workspace> <habit>'))
    .description('change the given fields of a habit')
    .option('--title <title>', 'another title')
    .option('--rrule <rule>', 'rule for its days, for instance FREQ=WEEKLY;BYDAY=MO,WE')
    .option('--duration <minutes>', 'how long it takes', toWholeNumber(5, DAY_MINUTES))
    .action((workspaceId: string, id: string, options: HabitOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { changeHabit } = await import('../../services/planning/habits.ts');
        const changed = await changeHabit(await database(), workspaceId, id, toChanges(options));
        if (json) return printJson(changed);
        printLine(`Habit ${changed.id} is changed.`);
      }),
    );

  withCommonOptions(habit.command('list <workspace>'))
    .description('list the habits of a workspace')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listHabits } = await import('../../services/planning/habits.ts');
        const habits = await listHabits(await database(), workspaceId);
        if (json) return printJson(habits);
        await printTable(
          ['habit', 'title', 'priority', 'days', 'minutes', 'at best', 'hours', 'skipped', 'planned'],
          habits.map((one) => [
            one.id,
            one.title,
            one.priority,
            one.rrule,
            one.minMinutes < one.durationMinutes
              ? `${one.minMinutes}–${one.durationMinutes}`
              : one.durationMinutes,
            one.idealTime ?? one.preference,
            one.hours,
            one.skippedDates.join('\n'),
            one.autoSchedule,
          ]),
          `Workspace ${workspaceId} has no habit. Run \`almanac habit add ${workspaceId} <title> --rrule FREQ=DAILY --duration <minutes>\` to add one.`,
        );
      }),
    );

  withCommonOptions(habit.command('remove <workspace> <habit>'))
    .description('delete a habit; the next plan removes its future blocks')
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { removeHabit } = await import('../../services/planning/habits.ts');
        await removeHabit(await database(), workspaceId, id);
        if (json) return printJson({ removed: id });
        printLine(`Habit ${id} is removed.`);
      }),
    );

  withCommonOptions(habit.command('skip <workspace> <habit>'))
    .description('skip a habit on one day')
    .requiredOption('--day <date>', 'for instance 2026-01-05')
    .option('--undo', 'no longer skip that day')
    .action((workspaceId: string, id: string, options: CommonOptions & { day: string; undo?: boolean }) =>
      runCommand(options, async ({ json, database }) => {
        const { skipHabit } = await import('../../services/planning/habits.ts');
        const { day, undo } = options;
        const changed = await skipHabit(await database(), workspaceId, id, { day, skipped: !undo });
        if (json) return printJson(changed);
        printLine(`Habit ${changed.id} is ${undo ? 'no longer skipped' : 'skipped'} on ${day}.`);
      }),
    );
}

function withFields(command: Command): Command {
  return withCommonOptions(command)
    .option('--priority <priority>', 'critical, high, normal or low')
    .option('--start <date>', 'its first day (default for a new habit: today)')
    .option(
      '--min <minutes>',
      'shortest duration that still counts (default for a new habit: --duration)',
      toWholeNumber(5, DAY_MINUTES),
    )
    .option('--ideal <time>', 'preferred local time, for instance 07:30; or none')
    .option('--preference <part>', 'morning, afternoon, evening or night; or none')
    .option('--hours <type>', 'type of hours it is placed in')
    .option('--after <habit>', 'place it after this habit of the same day; or none')
    .option('--before <habit>', 'place it before this habit of the same day; or none')
    .option('--auto', 'let the planner place it')
    .option('--no-auto', 'keep the planner from placing it or changing its blocks');
}

const orNull = (value: string | undefined) => (value === NONE ? null : value);

function toChanges(options: HabitOptions): HabitChanges {
  return {
    title: options.title,
    rrule: options.rrule,
    priority: options.priority,
    startDate: options.start,
    durationMinutes: options.duration,
    minMinutes: options.min,
    idealTime: orNull(options.ideal),
    // The schema checks the value.
    preference: orNull(options.preference) as HabitChanges['preference'],
    hours: options.hours,
    after: orNull(options.after),
    before: orNull(options.before),
    autoSchedule: options.auto,
  };
}
