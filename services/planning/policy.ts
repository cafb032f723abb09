import { z } from 'zod';
import { applyBusyRule, lockBusyRule } from '../mirror/busy-rule.ts';
import {
  COUNTS,
  freeTraitsOf,
  GOOGLES_BUSY_POLICY,
  POLICY_TRAITS,
  toBusyPolicy,
} from '../../calendar/busy.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { accountIdSchema, calendarIdSchema, parseInput } from '../input.ts';
import { limitWait, orBusy } from '../limited-wait.ts';
import { requireWorkspace } from '../workspaces.ts';
import { definedOnly } from '../defined-only.ts';
import { hoursTypeSchema, minutesSchema, switchSchema } from './fields.ts';
import { requireHoursType } from './hours-types.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { DAY_MINUTES } from '../../contracts/durations.ts';
import {
  FEWEST_PLAN_DAYS,
  GRANULARITIES_MINUTES,
  MAX_BUFFER_MINUTES,
  MAX_TASK_MINUTES,
  MOST_PLAN_DAYS,
} from '../../contracts/limits.ts';

const DAYS_RULE = `must be a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`;
/** Google's access roles with the right to write. */
const WRITABLE_ROLES = ['owner', 'writer'];

const countsSchema = z.enum(COUNTS, { error: `must be ${COUNTS.join(' or ')}` });

export const policyChanges = z
  .object({
    bufferMinutes: minutesSchema(0, MAX_BUFFER_MINUTES),
    /** Null takes a limit away. */
    maxMinutesPerDay: z.record(hoursTypeSchema, minutesSchema(0, DAY_MINUTES).nullable()),
    freezeMinutes: minutesSchema(0, MAX_TASK_MINUTES),
    granularityMinutes: z.literal(GRANULARITIES_MINUTES, {
      error: `must be one of ${GRANULARITIES_MINUTES.join(', ')}`,
    }),
    days: z.int({ error: DAYS_RULE }).min(FEWEST_PLAN_DAYS, DAYS_RULE).max(MOST_PLAN_DAYS, DAYS_RULE),
    targetAccountId: accountIdSchema.nullable(),
    targetCalendarId: calendarIdSchema.nullable(),
    autoApply: switchSchema,
    allDay: countsSchema,
    tentative: countsSchema,
    unanswered: countsSchema,
    outOfOffice: countsSchema,
  })
  .partial();
export type PolicyChanges = z.input<typeof policyChanges>;

const countsOf = (what: string) => z.enum(COUNTS).describe(`How ${what}`);

export const policySchema = z.object({
  bufferMinutes: z.int().describe('Kept free around blocks'),
  maxMinutesPerDay: z.record(z.string(), z.int()).describe('By type of hours'),
  freezeMinutes: z.int().describe('Blocks that begin sooner than this stay where they are'),
  granularityMinutes: z.int(),
  days: z.int().describe('How far ahead is planned, from today'),
  targetAccountId: z.string().nullable().describe('Null: the first account that is connected'),
  targetCalendarId: z.string().nullable().describe("Null: the account's own one, made by Almanac"),
  autoApply: z.boolean().describe('Whether scheduled runs write to Google'),
  allDay: countsOf('all-day events count, unless they are out-of-office'),
  tentative: countsOf('tentative events count, and those that the person has answered with "maybe"'),
  unanswered: countsOf('invitations count that the person has not answered'),
  outOfOffice: countsOf('out-of-office events count, of any length'),
});
export type Policy = z.infer<typeof policySchema>;

const DEFAULT_POLICY: Policy = {
  bufferMinutes: 0,
  maxMinutesPerDay: {},
  freezeMinutes: 120,
  granularityMinutes: 15,
  days: 30,
  targetAccountId: null,
  targetCalendarId: null,
  autoApply: false,
  ...GOOGLES_BUSY_POLICY,
};

/** Planning policy of a workspace. */
export async function showPolicy(database: Database, workspaceId: string): Promise<Policy> {
  await requireWorkspace(database, workspaceId);
  return loadPolicy(database, workspaceId);
}

/**
 * Changes the given parts of a policy. Changes of which events take up time apply at once to every mirrored
 * occurrence.
 * @throws BusyError when a sync or a rebuild of the workspace does not end within the wait.
 */
export async function setPolicy(
  database: Database,
  workspaceId: string,
  input: PolicyChanges,
): Promise<Policy> {
  const {
    maxMinutesPerDay = {},
    allDay,
    tentative,
    unanswered,
    outOfOffice,
    ...changes
  } = parseInput(policyChanges, input);
  const counts = definedOnly({ allDay, tentative, unanswered, outOfOffice });
  const change = async (transaction: Transaction, { id }: { id: string }) => {
    for (const type of Object.keys(maxMinutesPerDay))
      await requireHoursType(transaction, id, type, 'maxMinutesPerDay');
    await requireTarget(transaction, id, changes);
    const earlier = await loadPolicy(transaction, id);
    const limits = { ...earlier.maxMinutesPerDay, ...maxMinutesPerDay };
    const recount = POLICY_TRAITS.some((trait) => (counts[trait] ?? earlier[trait]) !== earlier[trait]);
    if (recount) {
      await limitWait(transaction);
      await lockBusyRule(transaction, id);
    }
    const data = {
      ...changes,
      freeTraits: freeTraitsOf({ ...earlier, ...counts }),
      maxMinutesPerDay: Object.fromEntries(Object.entries(limits).filter(([, minutes]) => minutes !== null)),
    };
    await transaction.schedulePolicy.upsert({
      where: { workspaceId: id },
      create: { workspaceId: id, ...data },
      update: data,
    });
    if (recount) await applyBusyRule(transaction, id);
    return loadPolicy(transaction, id);
  };
  try {
    return await lockWorkspace(database, workspaceId, change);
  } catch (error) {
    throw orBusy(`Workspace ${workspaceId}`, error);
  }
}

async function loadPolicy(database: Database | Transaction, workspaceId: string): Promise<Policy> {
  const row = await database.schedulePolicy.findUnique({
    where: { workspaceId },
    omit: { workspaceId: true, updatedAt: true },
  });
  if (row === null) return DEFAULT_POLICY;
  const { freeTraits, ...policy } = row;
  return { ...DEFAULT_POLICY, ...policy, ...toBusyPolicy(freeTraits) } as Policy;
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
