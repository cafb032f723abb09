import { RemedyAction } from '../../contracts/remedies.ts';
import type { Transaction } from '../../prisma/client.ts';
import { InvalidInputError } from '../errors.ts';

/**
 * Types that are always valid: `work` and `personal` have default hours; `meeting` has none until they are
 * set.
 */
const KNOWN_TYPES = ['work', 'personal', 'meeting'];

/** @throws InvalidInputError when the workspace has no such type of hours. */
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
