import type { Transaction } from '../../prisma/client.ts';
import { InvalidInputError } from '../errors.ts';
import type { DeliveryLog } from './logs.ts';

/** @throws InvalidInputError when a log of a workspace does not have every change after a position */
export async function requirePosition(
  transaction: Transaction,
  { positions }: DeliveryLog,
  workspaceId: string,
  from: number,
): Promise<void> {
  const [row] = await transaction.$queryRaw<{ last: number; compacted: number }[]>`
    select last_position::float8 as last, compacted_through::float8 as compacted
    from ${positions} where workspace_id = ${workspaceId}`;
  const { last = 0, compacted = 0 } = row ?? {};
  if (from > last || (from > 0 && from < compacted))
    throw new InvalidInputError('from', `must be 0, or from ${compacted} to ${last}`);
}
