import { type CivilDay, type CivilWindow, clockMinute } from './civil-time.ts';
import type { PlanHabit, Preference } from './plan-input.ts';
import { alignSpans, type Setting } from './setting.ts';
import { clip, type Span, subtract } from './spans.ts';
import { type Job, WEIGHTS } from './world.ts';

const PREFERRED_HOURS: Record<Preference, [string, string]> = {
  morning: ['06:00', '12:00'],
  afternoon: ['12:00', '17:00'],
  evening: ['17:00', '21:00'],
  night: ['21:00', '24:00'],
};

/** The ideal time of a habit on a day, see `fromIdeal`; null if it has none. */
export function idealTime(window: CivilWindow, habit: PlanHabit, day: CivilDay): Span | null {
  const wished = habit.idealTime
    ? [habit.idealTime, habit.idealTime]
    : habit.preference && PREFERRED_HOURS[habit.preference];
  if (!wished) return null;
  const [start, end] = wished.map((clock) => clockMinute(window, day, clock));
  return { start: start!, end: end! };
}

/** Days of habits that have a fixed block, on any day. */
function filledDays(setting: Setting): Set<string> {
  return new Set(
    setting.fixed.filter(({ kind }) => kind === 'habit').map(({ habitDay, refId }) => `${habitDay} ${refId}`),
  );
}

/** Span from the first start to the last end of a habit's fixed blocks, by habit and the day they lie on. */
function fixedByDay(setting: Setting): Map<string, Span> {
  const found = new Map<string, Span>();
  for (const block of setting.fixed) {
    if (block.kind !== 'habit') continue;
    const day = setting.frame.window.days.find(
      ({ startMinute, endMinute }) => block.start >= startMinute && block.start < endMinute,
    );
    if (!day) continue;
    const key = `${day.date} ${block.refId}`;
    const other = found.get(key) ?? block;
    found.set(key, { start: Math.min(block.start, other.start), end: Math.max(block.end, other.end) });
  }
  return found;
}

/** For each habit, the habits that must end before it starts if both are on one day. */
function earlierHabits(habits: readonly PlanHabit[]): Map<string, Set<string>> {
  const earlier = new Map(habits.map(({ id }) => [id, new Set<string>()]));
  for (const { id, after, before } of habits) {
    if (after !== null) earlier.get(id)!.add(after);
    if (before !== null) earlier.get(before)!.add(id);
  }
  return earlier;
}

/** One job for each day that a habit's recurrence names, that is not skipped, and that has no fixed block. */
export function habitJobs(setting: Setting, firstIndex: number): Job[] {
  const { input, window, declined, habitDates } = setting.frame;
  const { days } = window;
  const fixed = fixedByDay(setting);
  const filled = filledDays(setting);
  const earlier = earlierHabits(input.habits);
  const jobs: Job[] = [];
  const byDay = new Map<string, Job>();

  for (const habit of input.habits) {
    const dates = habitDates.get(habit.id)!;
    const free = subtract(setting.free.get(habit.hours) ?? [], declined.get(habit.id) ?? []);
    const aligned = declined.has(habit.id) ? alignSpans(free, input.granularityMinutes) : free;
    for (const day of days) {
      const key = `${day.date} ${habit.id}`;
      if (!dates.has(day.date) || filled.has(key)) continue;
      const job = dayJob(setting, habit, day, aligned);
      job.index = firstIndex + jobs.length;
      jobs.push(job);
      byDay.set(key, job);
    }
  }

  for (const job of jobs) {
    let from = -Infinity;
    for (const id of earlier.get(job.refId)!) {
      const other = byDay.get(`${job.date} ${id}`);
      if (other) {
        job.orderedAfter.push(other.index);
        other.orderedBefore.push(job.index);
      }
      from = Math.max(from, fixed.get(`${job.date} ${id}`)?.end ?? -Infinity);
    }
    let until = Infinity;
    for (const [id, before] of earlier)
      if (before.has(job.refId)) until = Math.min(until, fixed.get(`${job.date} ${id}`)?.start ?? Infinity);
    if (from > -Infinity || until < Infinity)
      job.spans = alignSpans(clip(job.spans, from, until), input.granularityMinutes);
  }
  return jobs;
}

function dayJob(setting: Setting, habit: PlanHabit, day: CivilDay, free: readonly Span[]): Job {
  const { input, window } = setting.frame;
  return {
    index: 0,
    kind: 'habit',
    refId: habit.id,
    date: day.date,
    weight: WEIGHTS[habit.priority],
    left: habit.durationMinutes,
    least: habit.minMinutes,
    most: habit.durationMinutes,
    remainder: false,
    whole: true,
    hours: habit.hours,
    dailyLimit: input.policy.maxMinutesPerDay[habit.hours] ?? Infinity,
    // A habit starts on its day, and may run over midnight.
    spans: alignSpans(
      clip(free, day.startMinute, day.endMinute + habit.durationMinutes),
      input.granularityMinutes,
    ).filter(({ start }) => start < day.endMinute),
    startBefore: day.endMinute,
    deadline: Infinity,
    ideal: idealTime(window, habit, day),
    after: [],
    followers: [],
    orderedAfter: [],
    orderedBefore: [],
    blockedBy: null,
    current: [],
  };
}
