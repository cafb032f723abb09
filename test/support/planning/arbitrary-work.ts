import * as fc from 'fast-check';
import { arbitrarySpan, instantsOf } from './arbitrary-span.ts';
import { MINUTE_MS } from './civil-time.ts';

const HOURS_TYPES = ['work', 'personal', 'deep'] as const;
const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;
const PREFERENCES = ['morning', 'afternoon', 'evening', 'night'] as const;
const RULES = [
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=2',
  'FREQ=WEEKLY;BYDAY=SA,SU,MO',
  'FREQ=MONTHLY;BYDAY=-1SU,1MO',
  'FREQ=DAILY;COUNT=3',
];
const CHUNKS = [
  [30, 120],
  [60, 120],
  [45, 45],
  [90, 100],
  [5, 25],
  [60, 60],
  [90, 120],
  [45, 90],
  [100, 120],
] as const;
const DAY_MS = 86_400_000;
const TEN_DAYS_MINUTES = 14_400;

const moment = fc.integer({ min: -2_000, max: TEN_DAYS_MINUTES });

/** Tasks of a world that begins at some moment; one may come after earlier ones. */
export function arbitraryTasks(most: number) {
  const task = fc.record({
    priority: fc.constantFrom(...PRIORITIES),
    durationMinutes: fc.oneof(
      fc.integer({ min: 1, max: 80 }).map((steps) => steps * 5),
      fc.integer({ min: 1, max: 400 }),
    ),
    doneMinutes: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 200 })),
    splittable: fc.boolean(),
    chunks: fc.constantFrom(...CHUNKS),
    earliestMinute: fc.option(moment),
    deadlineMinute: fc.option(moment),
    hours: fc.constantFrom(...HOURS_TYPES),
    after: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(fc.nat(most), { maxLength: 2 })),
  });
  return fc.tuple(fc.array(task, { maxLength: most }), fc.boolean()).map(
    ([list, allOverdue]) =>
      (nowMs: number) =>
        list.map(({ chunks, earliestMinute, deadlineMinute, after, ...rest }, index) => {
          const at = (minute: number | null) =>
            minute === null ? null : new Date(nowMs + minute * MINUTE_MS).toISOString();
          return {
            ...rest,
            id: `t${index}`,
            minChunkMinutes: chunks[0],
            maxChunkMinutes: chunks[1],
            earliestStart: at(earliestMinute),
            deadline: allOverdue ? at(-60) : at(deadlineMinute),
            after: [...new Set(after)].filter((other) => other < index).map((other) => `t${other}`),
          };
        }),
  );
}

/** Habits of a world that begins on some date; one may come before or after an earlier one. */
export function arbitraryHabits(most: number) {
  const habit = fc.record({
    priority: fc.constantFrom(...PRIORITIES),
    rrule: fc.constantFrom(...RULES),
    startsDaysAgo: fc.integer({ min: -3, max: 40 }),
    durationMinutes: fc.constantFrom(5, 30, 45, 90, 240, 480),
    fullLengthOnly: fc.boolean(),
    idealTime: fc.option(fc.constantFrom('00:00', '02:30', '07:30', '12:20', '22:30', '23:30', '23:50')),
    preference: fc.option(fc.constantFrom(...PREFERENCES)),
    hours: fc.constantFrom(...HOURS_TYPES),
    follows: fc.option(fc.tuple(fc.constantFrom('after', 'before'), fc.nat(most))),
    skippedDays: fc.array(fc.nat(8), { maxLength: 3 }),
  });
  return fc.array(habit, { maxLength: most }).map(
    (list) => (today: string) =>
      list.map(({ startsDaysAgo, fullLengthOnly, follows, skippedDays, ...rest }, index) => {
        const dateIn = (days: number) =>
          new Date(Date.parse(today) + days * DAY_MS).toISOString().slice(0, 10);
        return {
          ...rest,
          id: `h${index}`,
          startDate: dateIn(-startsDaysAgo),
          minMinutes: fullLengthOnly ? rest.durationMinutes : 5,
          skippedDates: skippedDays.map(dateIn),
          ...(follows && follows[1] < index && { [follows[0]]: `h${follows[1]}` }),
        };
      }),
  );
}

interface Owner {
  id: string;
}

/** Blocks of the last run. Those that have begun are pinned, as their input promises. */
export function arbitraryCurrent(most: number) {
  const block = fc.record({
    of: fc.nat(12),
    span: arbitrarySpan(180),
    pinned: fc.boolean(),
    wholeSteps: fc.boolean(),
    /** Days between the one it lies on and the one it was made for. */
    draggedDays: fc.option(fc.integer({ min: -3, max: 3 }), { freq: 3 }),
  });
  return fc.array(block, { maxLength: most }).map(
    (list) => (nowMs: number, tasks: readonly Owner[], habits: readonly Owner[], everythingPinned: boolean) =>
      list.map(({ of, span: at, pinned, wholeSteps, draggedDays }, index) => {
        const owners = [
          ...tasks.map(({ id }) => ({ kind: 'task', refId: id })),
          ...habits.map(({ id }) => ({ kind: 'habit', refId: id })),
        ];
        // A task may be gone while its block is still there.
        const owner = (of < 12 && owners[of % Math.max(1, owners.length)]) || { kind: 'task', refId: 'gone' };
        const length = wholeSteps ? Math.ceil(at.length / 15) * 15 : at.length;
        const [start, end] = instantsOf(nowMs, { offset: at.offset, length });
        const isHabit = owner.kind === 'habit' && draggedDays !== null;
        return {
          id: `b${index}`,
          ...owner,
          ...(isHabit && {
            habitDay: new Date(Date.parse(start) - draggedDays * DAY_MS).toISOString().slice(0, 10),
          }),
          start,
          end,
          pinned: pinned || everythingPinned || at.offset <= 0,
        };
      }),
  );
}
