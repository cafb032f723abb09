import { z } from 'zod';
import type { Database, Transaction } from '../../prisma/client.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { calendarIdSchema, parseInput } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';
import { hoursTypeSchema, minutesSchema, switchSchema } from './fields.ts';
import { requireHoursType } from './hours-types.ts';
import { lockWorkspace } from './lock-workspace.ts';

const GRANULARITIES_MINUTES = [5, 10, 15, 30] as const;
const DAYS_RULE = 'must be a whole number from 7 to 90';
/** Longer than any window. */
const MAX_FREEZE_MINUTES = 100_000;
const MAX_BUFFER_MINUTES = 240;
const DAY_MINUTES = 1_440;
/** What Google calls those who may write. */
const WRITABLE_ROLES = ['owner', 'writer'];

const policySchema = z.object({
  bufferMinutes: minutesSchema(0, MAX_BUFFER_MINUTES),
  /** By type of hours. Null takes a limit away. */
  maxMinutesPerDay: z.record(hoursTypeSchema, minutesSchema(0, DAY_MINUTES).nullable()),
  /** Free blocks that start sooner than this stay where they are. */
  freezeMinutes: minutesSchema(0, MAX_FREEZE_MINUTES),
  granularityMinutes: z.literal(GRANULARITIES_MINUTES, {
    error: `must be one of ${GRANULARITIES_MINUTES.join(', ')}`,
  }),
  /** How far ahead is planned, from today. */
  days: z.int({ error: DAYS_RULE }).min(7, DAYS_RULE).max(90, DAYS_RULE),
  /** The account whose own calendar gets the blocks. Null: the first that is connected. */
  targetAccountId: z
    .guid('must be an account UUID, as `almanac account list` shows it')
    .toLowerCase()
    .nullable(),
  /** A calendar for the blocks. Null: the account's own one, which Almanac makes. */
  targetCalendarId: calendarIdSchema.nullable(),
  /** Whether scheduled runs write to Google, or leave the workspace alone. */
  autoApply: switchSchema,
});

export const policyChanges = policySchema.partial();
export type PolicyChanges = z.input<typeof policyChanges>;
export type Policy = Omit<z.output<typeof policySchema>, 'maxMinutesPerDay'> & {
  maxMinutesPerDay: Record<string, number>;
};

const DEFAULT_POLICY: Policy = {
  bufferMinutes: 0,
  maxMinutesPerDay: {},
  freezeMinutes: 120,
  granularityMinutes: 15,
  days: 30,
  targetAccountId: null,
  targetCalendarId: null,
  autoApply: false,
};

/** How a workspace is planned. */
export async function showPolicy(database: Database, workspaceId: string): Promise<Policy> {
  await requireWorkspace(database, workspaceId);
  return loadPolicy(database, workspaceId);
}

/** Changes the given parts of a policy. */
export async function setPolicy(
  database: Database,
  workspaceId: string,
  input: PolicyChanges,
): Promise<Policy> {
  const { maxMinutesPerDay = {}, ...changes } = parseInput(policyChanges, input);
  return lockWorkspace(database, workspaceId, async (transaction, { id }) => {
    for (const type of Object.keys(maxMinutesPerDay))
      await requireHoursType(transaction, id, type, 'maxMinutesPerDay');
    await requireTarget(transaction, id, changes);
    const limits = { ...(await loadPolicy(transaction, id)).maxMinutesPerDay, ...maxMinutesPerDay };
    const data = {
      ...changes,
      maxMinutesPerDay: Object.fromEntries(Object.entries(limits).filter(([, minutes]) => minutes !== null)),
    };
    await transaction.schedulePolicy.upsert({
      where: { workspaceId: id },
      create: { workspaceId: id, ...data },
      update: data,
    });
    return loadPolicy(transaction, id);
  });
}

async function loadPolicy(database: Database | Transaction, workspaceId: string): Promise<Policy> {
  const row = await database.schedulePolicy.findUnique({
    where: { workspaceId },
    omit: { workspaceId: true, updatedAt: true },
  });
  return row === null ? DEFAULT_POLICY : ({ ...DEFAULT_POLICY, ...row } as Policy);
}

async function requireTarget(
  transaction: Transaction,
  workspaceId: string,
  { targetAccountId, targetCalendarId }: PolicyChanges,
): Promise<void> {
  if (
    targetAccountId &&
    (await transaction.calendarAuthToken.count({ where: { id: targetAccountId, workspaceId } })) === 0
  )
    throw new NotFoundError('targetAccountId must be an account of the workspace.');
  if (!targetCalendarId) return;
  const calendar = await transaction.calendar.findFirst({
    where: { id: targetCalendarId, workspaceId },
    select: { status: true, accessRole: true },
  });
  if (calendar === null) throw new NotFoundError('targetCalendarId must be a calendar of the workspace.');
  if (calendar.status !== 'active' || !WRITABLE_ROLES.includes(calendar.accessRole))
    throw new InvalidInputError('targetCalendarId', 'must be a calendar that its account may write to');
}
