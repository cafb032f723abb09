import { z } from 'zod';
import { toWeekHours } from './write-back/week-hours.ts';
import { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database } from '../../prisma/client.ts';
import { parseInput } from '../input.ts';
import { requireRoom } from '../quota.ts';
import { requireWorkspace } from '../workspaces.ts';
import { hoursTypeSchema } from './fields.ts';
import { lockWorkspace } from './lock-workspace.ts';

const CLOCK = '([01]\\d|2[0-3]):[0-5]\\d';
const BLOCK = new RegExp(`^${CLOCK}-(${CLOCK}|24:00)$`);
const BLOCK_RULE = 'must be local times such as 09:00-12:00, 24:00 at the latest';
/** One for each half hour of a day. */
const MAX_ITEMS = 48;
const DAY_RULE = `must be some of ${WEEKDAYS.join(', ')}`;

export const hoursInput = z.object({
  type: hoursTypeSchema,
  days: z
    .array(z.enum(WEEKDAYS, { error: DAY_RULE }))
    .min(1, DAY_RULE)
    .max(MAX_ITEMS, `must have at most ${MAX_ITEMS} items`),
  /** Empty: closed on those days. A block whose end is not after its start extends past midnight. */
  blocks: z
    .array(z.string().regex(BLOCK, { error: BLOCK_RULE }))
    .max(MAX_ITEMS, `must have at most ${MAX_ITEMS} items`),
});
export type HoursInput = z.input<typeof hoursInput>;

/** Blocks of local time, by type and weekday. */
export const hoursByTypeSchema = z
  .record(z.string(), z.record(z.enum(WEEKDAYS), z.array(z.tuple([z.string(), z.string()]))))
  .describe('Blocks of local time such as ["09:00", "12:00"], by type and weekday');
export type HoursByType = z.infer<typeof hoursByTypeSchema>;

/** Replaces the hours of one type on some weekdays; other days stay as they are. Returns all hours. */
export async function setHours(
  database: Database,
  workspaceId: string,
  input: HoursInput,
): Promise<HoursByType> {
  const { type, days, blocks } = parseInput(hoursInput, input);
  await lockWorkspace(database, workspaceId, async (transaction, { id }) => {
    const others = await transaction.calendarHours.findMany({
      where: { workspaceId: id, type: { not: type } },
      distinct: ['type'],
      select: { type: true },
    });
    requireRoom('types of hours in a workspace', Quota.hoursTypes, { count: others.length });
    await transaction.calendarHours.deleteMany({ where: { workspaceId: id, type, weekday: { in: days } } });
    await transaction.calendarHours.createMany({
      data: [...new Set(days)].map((weekday) => ({
        workspaceId: id,
        type,
        weekday,
        blocks: blocks.toSorted(),
      })),
    });
  });
  return showHours(database, workspaceId);
}

/** Hours of every type, including defaults. */
export async function showHours(database: Database, workspaceId: string): Promise<HoursByType> {
  await requireWorkspace(database, workspaceId);
  return toWeekHours(
    await database.calendarHours.findMany({
      where: { workspaceId },
      orderBy: [{ type: 'asc' }, { weekday: 'asc' }],
    }),
  );
}
