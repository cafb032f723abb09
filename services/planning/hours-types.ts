import { RemedyAction } from '../../contracts/remedies.ts';
import type { Transaction } from '../../prisma/client.ts';
import { InvalidInputError } from '../errors.ts';

/** Types that need not be set: `work` and `personal` have hours of their own, `meeting` has none until then. */
const KNOWN_TYPES = ['work', 'personal', 'meeting'];

/** @throws InvalidInputError when a workspace has no such type of hours. */
export async function requireHoursType(
  transaction: Transaction,
  workspaceId: string,
  type: string,
  field = 'hours',
): Promise<void> {
  if (KNOWN_TYPES.includes(type)) return;
  if ((await transaction.calendarHours.count({ where: { workspaceId, type } })) > 0) return;
  throw new InvalidInputError(field, `must be ${KNOWN_TYPES.join(', ')} or a type that has hours`, {
    remedy: { action: RemedyAction.setHours, workspaceId },
  });
}
