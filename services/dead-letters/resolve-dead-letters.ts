import type { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import type { FailureType } from '../../contracts/failure-types.ts';
import type { Transaction } from '../../prisma/client.ts';

/**
 * Closes an account's open dead letters about these operations, which have succeeded.
 * @param stillFails failure type whose dead letters stay open, because it persists
 */
export async function resolveAccountDeadLetters(
  transaction: Transaction,
  accountId: string,
  operations: readonly DeadLetterOperation[],
  stillFails?: FailureType,
): Promise<void> {
  await transaction.$executeRaw`
    update dead_letters set status = 'resolved', closed_at = now()
    where account_id = ${accountId}::uuid and operation = any(${operations}::text[]) and status = 'open'
      and failure_type is distinct from ${stillFails ?? null}::text`;
}

/** Closes the open dead letters of calendars that are removed or disabled. */
export async function resolveCalendarDeadLetters(
  transaction: Transaction,
  calendarIds: readonly string[],
): Promise<void> {
  await transaction.$executeRaw`
    update dead_letters set status = 'resolved', closed_at = now()
    where calendar_id = any(${calendarIds}::uuid[]) and status = 'open'`;
}

/**
 * Closes a workspace's open dead letters about this operation, which has succeeded or is no longer wanted.
 */
export async function resolveWorkspaceDeadLetters(
  transaction: Transaction,
  workspaceId: string,
  operation: DeadLetterOperation,
): Promise<void> {
  await transaction.$executeRaw`
    update dead_letters set status = 'resolved', closed_at = now()
    where workspace_id = ${workspaceId} and operation = ${operation} and status = 'open'
      and calendar_id is null and account_id is null`;
}
