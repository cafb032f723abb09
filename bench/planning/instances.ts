import { createRandom, type Random } from '../../emulator/state/random.ts';
import { parsePlanInput, type PlanInput } from '../../scheduling/index.ts';

/** Worlds that differ in what makes them hard. */
export const KINDS = ['loose', 'tight', 'over', 'habits', 'dependencies'] as const;
export type Kind = (typeof KINDS)[number];

/** Work to be done, as a share of the free time within the hours of work. */
const LOAD: Record<Kind, number> = { loose: 0.4, tight: 0.95, over: 1.5, habits: 0.95, dependencies: 0.9 };

/** The share of tasks that have a deadline. */
const DUE: Record<Kind, number> = { loose: 0.6, tight: 0.95, over: 0.75, habits: 0.75, dependencies: 0.75 };

const MONDAY = '2026-01-05';
const DAY_MS = 86_400_000;
const WORK_MINUTES_A_DAY = 420;
/** Share of the working hours that meetings leave free. */
const FREE_SHARE = 0.75;
const LEAST_DAYS = 7;
const MOST_DAYS = 60;
const CHUNKS = [
  [30, 120],
  [60, 120],
  [30, 60],
  [60, 180],
  [45, 90],
] as const;

const WORK = ['mon', 'tue', 'wed', 'thu', 'fri'];
const PERSONAL = [...WORK, 'sat', 'sun'];
const everyDay = (days: string[], blocks: [string, string][]) =>
  Object.fromEntries(days.map((day) => [day, blocks]));

function at(day: number, minute: number): string {
  return new Date(Date.parse(MONDAY) + day * DAY_MS + minute * 60_000).toISOString();
}

function chance(random: Random, share: number): boolean {
  return random.next() < share;
}

/** A few meetings on every working day, one in four at an odd minute. */
function meetings(random: Random, days: number): [string, string][] {
  const busy: [string, string][] = [];
  for (let day = 0; day < days; day++) {
    if (day % 7 >= 5) continue;
    for (let count = random.integer(0, 4); count > 0; count--) {
      const start = 540 + 15 * random.integer(0, 31) + (chance(random, 0.25) ? random.integer(1, 14) : 0);
      busy.push([at(day, start), at(day, start + random.pick([15, 30, 30, 45, 60, 90]))]);
    }
  }
  return busy;
}

function task(random: Random, index: number) {
  const splittable = chance(random, 0.75);
  const [minChunkMinutes, maxChunkMinutes] = random.pick(CHUNKS);
  return {
    id: `t${index}`,
    priority: random.pick(['critical', 'high', 'high', 'normal', 'normal', 'normal', 'low', 'low']),
    durationMinutes: 15 * (splittable ? random.integer(2, 28) : random.integer(1, 10)),
    splittable,
    minChunkMinutes,
    maxChunkMinutes,
    hours: 'work',
  };
}

function dates(kind: Kind, random: Random, days: number) {
  const earliestDay = chance(random, 0.2) ? random.integer(0, Math.floor(days / 2)) : 0;
  const dueDay = random.integer(earliestDay, days - 1);
  const due = chance(random, 0.05) ? at(-1, 1_020) : at(dueDay, 15 * random.integer(40, 72));
  return {
    earliestStart: earliestDay > 0 ? at(earliestDay, 540) : null,
    deadline: chance(random, DUE[kind]) ? due : null,
  };
}

const HABITS = [
  {
    id: 'run',
    rrule: 'FREQ=DAILY',
    durationMinutes: 45,
    minMinutes: 30,
    idealTime: '07:30',
    hours: 'personal',
  },
  {
    id: 'mail',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    durationMinutes: 30,
    minMinutes: 15,
    idealTime: '09:00',
  },
  {
    id: 'read',
    rrule: 'FREQ=DAILY;INTERVAL=2',
    durationMinutes: 60,
    minMinutes: 30,
    preference: 'afternoon',
  },
  { id: 'review', rrule: 'FREQ=WEEKLY;BYDAY=FR', durationMinutes: 90, minMinutes: 60, idealTime: '15:00' },
];

/** An instance of so many tasks; the same seed makes the same one. */
export function makeInstance(kind: Kind, tasks: number, seed: number): PlanInput {
  const random = createRandom(seed * 7_919 + tasks * 101 + KINDS.indexOf(kind));
  const drafts = Array.from({ length: tasks }, (_, index) => task(random, index));
  const demand = drafts.reduce((sum, { durationMinutes }) => sum + durationMinutes, 0);
  const workDays = demand / LOAD[kind] / (WORK_MINUTES_A_DAY * FREE_SHARE);
  const days = Math.min(MOST_DAYS, Math.max(LEAST_DAYS, Math.round((workDays * 7) / 5)));
  return parsePlanInput({
    timeZone: 'UTC',
    now: at(0, 480),
    days,
    hours: {
      work: everyDay(WORK, [
        ['09:00', '12:00'],
        ['13:00', '17:00'],
      ]),
      personal: everyDay(PERSONAL, [['06:00', '23:00']]),
    },
    busy: [...meetings(random, days), ...fullDays(days, workDays)],
    tasks: drafts.map((draft, index) => ({
      ...draft,
      ...dates(kind, random, days),
      after:
        kind === 'dependencies' && index > 0 && chance(random, 0.5)
          ? [`t${random.integer(0, index - 1)}`]
          : [],
    })),
    habits:
      kind === 'habits'
        ? HABITS.map((habit) => ({
            hours: 'work',
            startDate: MONDAY,
            priority: random.pick(['high', 'normal', 'low']),
            ...habit,
          }))
        : [],
  });
}

/** Busy days for instances whose tasks do not fill a week, the shortest window. */
function fullDays(days: number, workDays: number): [string, string][] {
  const free = Math.max(1, Math.round(workDays));
  return free < 5 && days === LEAST_DAYS ? [[at(free, 0), at(5, 0)]] : [];
}
