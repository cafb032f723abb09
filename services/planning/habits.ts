import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { PRIORITIES } from '../../contracts/limits.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import type { Habit } from '../../prisma/generated/client.ts';
import { InvalidInputError, NotFoundError, NotInWorkspaceError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { requireRoom } from '../quota.ts';
import { uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { dateSchema, formatDate, habitIdSchema } from './fields.ts';
import { findCircle } from './find-circle.ts';
import { definedOnly } from '../defined-only.ts';
import { habitChanges, type HabitChanges, newHabit, type NewHabit, PREFERENCES } from './habit-fields.ts';
import { requireHoursType } from './hours-types.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { IN_ORDER_OF_MAKING, type Made, madeAfter, madeOf } from './order-of-making.ts';

export const habitSchema = z.object({
  id: uuid('the habit'),
  workspaceId: z.string(),
  title: z.string(),
  priority: z.enum(PRIORITIES),
  rrule: z.string().describe('The days, such as FREQ=WEEKLY;BYDAY=MO,WE'),
  startDate: z.string(),
  durationMinutes: z.int(),
  minMinutes: z.int().describe('Shortest duration that counts'),
  idealTime: z.string().nullable().describe('Local time, such as 07:30'),
  preference: z.enum(PREFERENCES).nullable(),
  hours: z.string().describe('Type of hours for its blocks'),
  after: z.string().nullable().describe('Another habit of the same day that ends before this one begins'),
  before: z.string().nullable(),
  autoSchedule: z.boolean(),
  skippedDates: z.array(z.string()),
});
type HabitSummary = z.infer<typeof habitSchema>;

/** Few, because each habit may have a thousand skipped days. */
const HABITS_AT_A_TIME = 50;

const WITH_SKIPS = { skips: { select: { day: true }, orderBy: { day: 'asc' } } } as const;

/** @throws InvalidInputError naming the malformed field. */
export async function createHabit(
  database: Database,
  workspaceId: string,
  input: NewHabit,
): Promise<HabitSummary> {
  const fields = parseInput(newHabit, input);
  return lockWorkspace(database, workspaceId, (transaction, workspace) =>
    insertHabit(transaction, workspace, fields),
  );
}

/** As `createHabit`, with the workspace locked and the fields parsed. */
export async function insertHabit(
  transaction: Transaction,
  { id, timeZone }: { id: string; timeZone: string },
  { title, rrule, durationMinutes, startDate, ...fields }: NewHabit,
  habitId: string = randomUUID(),
): Promise<HabitSummary> {
  const habit = {
    ...toColumns(fields),
    id: habitId,
    workspaceId: id,
    title,
    rrule,
    durationMinutes,
    startDate: new Date(startDate ?? Temporal.Now.plainDateISO(timeZone).toString()),
    minMinutes: fields.minMinutes ?? durationMinutes,
  };
  const count = await transaction.habit.count({ where: { workspaceId: id } });
  requireRoom('habits in a workspace', Quota.habits, { count });
  await checkHabit(transaction, habit);
  await transaction.habit.create({ data: habit });
  return loadHabit(transaction, id, habit.id);
}

/**
 * Changes the given fields of a habit.
 * @throws NotFoundError when the workspace has no such habit.
 */
export async function changeHabit(
  database: Database,
  workspaceId: string,
  habitId: string,
  input: HabitChanges,
): Promise<HabitSummary> {
  const changes = parseInput(habitChanges, input);
  const id = parseInput(habitIdSchema, habitId, 'habit');
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    await loadHabit(transaction, workspace.id, id);
    const habit = await transaction.habit.findUniqueOrThrow({ where: { id } });
    const data = definedOnly(toColumns(changes));
    await checkHabit(transaction, { ...habit, ...data });
    await transaction.habit.update({ where: { id }, data });
    return loadHabit(transaction, workspace.id, id);
  });
}

/** Deletes a habit. The next applied plan removes its future blocks from the calendar. */
export async function removeHabit(database: Database, workspaceId: string, habitId: string): Promise<void> {
  await requireWorkspace(database, workspaceId);
  const id = parseInput(habitIdSchema, habitId, 'habit');
  const { count } = await database.habit.deleteMany({ where: { id, workspaceId } });
  if (count === 0) throw new NotInWorkspaceError(workspaceId, 'habit', id);
}

/** Skips a habit on one day, or reverts that. */
export async function skipHabit(
  database: Database,
  workspaceId: string,
  habitId: string,
  { day: text, skipped = true }: { day: string; skipped?: boolean },
): Promise<HabitSummary> {
  await requireWorkspace(database, workspaceId);
  const id = parseInput(habitIdSchema, habitId, 'habit');
  const day = new Date(parseInput(dateSchema, text, 'day'));
  return lockWorkspace(database, workspaceId, async (transaction) => {
    await loadHabit(transaction, workspaceId, id);
    if (skipped) {
      // A day that is already skipped is not counted again.
      const count = await transaction.habitSkip.count({ where: { habitId: id, day: { not: day } } });
      requireRoom('skipped days of a habit', Quota.skips, { count });
      await transaction.habitSkip.createMany({ data: [{ habitId: id, day }], skipDuplicates: true });
    } else await transaction.habitSkip.deleteMany({ where: { habitId: id, day } });
    return loadHabit(transaction, workspaceId, id);
  });
}

/** @throws NotFoundError when the workspace has no such habit. */
export async function readHabit(
  database: Database,
  workspaceId: string,
  habitId: string,
): Promise<HabitSummary> {
  await requireWorkspace(database, workspaceId);
  return loadHabit(database, workspaceId, parseInput(habitIdSchema, habitId, 'habit'));
}

/** One page of the habits, in order of creation. */
export async function pageOfHabits(
  database: Database,
  workspaceId: string,
  request: PageRequest<Made>,
): Promise<Page<HabitSummary, Made>> {
  await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.habit.findMany({
        where: { workspaceId, ...madeAfter(after) },
        include: WITH_SKIPS,
        orderBy: IN_ORDER_OF_MAKING,
        take,
      }),
    madeOf,
    HABITS_AT_A_TIME,
  );
  return { ...page, rows: rows.map(toSummary) };
}

/** Rows of every page of `pageOfHabits`. */
export async function listHabits(database: Database, workspaceId: string): Promise<HabitSummary[]> {
  return readAllPages((page: PageRequest<Made>) => pageOfHabits(database, workspaceId, page));
}

async function loadHabit(
  database: Database | Transaction,
  workspaceId: string,
  id: string,
): Promise<HabitSummary> {
  const habit = await database.habit.findFirst({ where: { id, workspaceId }, include: WITH_SKIPS });
  if (habit === null) throw new NotInWorkspaceError(workspaceId, 'habit', id);
  return toSummary(habit);
}

function toColumns({ startDate, after, before, ...fields }: HabitChanges) {
  return {
    ...fields,
    ...(startDate !== undefined && { startDate: new Date(startDate) }),
    ...(after !== undefined && { afterHabitId: after }),
    ...(before !== undefined && { beforeHabitId: before }),
  };
}

type Candidate = Pick<Habit, 'id' | 'workspaceId' | 'durationMinutes' | 'minMinutes'> &
  Partial<Pick<Habit, 'hours' | 'afterHabitId' | 'beforeHabitId'>>;

/** Checks a habit before it is written. */
async function checkHabit(transaction: Transaction, habit: Candidate): Promise<void> {
  const { id, workspaceId, hours, afterHabitId = null, beforeHabitId = null } = habit;
  if (habit.minMinutes > habit.durationMinutes)
    throw new InvalidInputError('minMinutes', 'must not be longer than the duration');
  if (hours !== undefined) await requireHoursType(transaction, workspaceId, hours);
  const others = await transaction.habit.findMany({
    where: { workspaceId, id: { not: id } },
    select: { id: true, afterHabitId: true, beforeHabitId: true },
  });
  const habits = [...others, { id, afterHabitId, beforeHabitId }];
  const after = new Map<string, string[]>(habits.map((one) => [one.id, []]));
  for (const [field, other] of [['after', afterHabitId] as const, ['before', beforeHabitId] as const])
    if (other !== null && !after.has(other))
      throw new NotFoundError(`${field} names ${other}, which is not a habit of the workspace.`);
  for (const one of habits) {
    if (one.afterHabitId !== null) after.get(one.id)?.push(one.afterHabitId);
    if (one.beforeHabitId !== null) after.get(one.beforeHabitId)?.push(one.id);
  }
  const circle = findCircle(id, after);
  if (circle)
    throw new InvalidInputError(
      afterHabitId === null ? 'before' : 'after',
      `would make the habit wait for itself: ${circle.join(' after ')}`,
    );
}

function toSummary({
  startDate,
  afterHabitId,
  beforeHabitId,
  skips,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  ...habit
}: Habit & { skips: { day: Date }[] }): HabitSummary {
  return {
    ...(habit as Pick<HabitSummary, keyof typeof habit>),
    startDate: formatDate(startDate),
    after: afterHabitId,
    before: beforeHabitId,
    skippedDates: skips.map(({ day }) => formatDate(day)),
  };
}
