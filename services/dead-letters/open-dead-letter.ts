import { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import type { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { Transaction } from '../../prisma/client.ts';

/** A lasting failure, and the run that reported it. */
export interface LastingFailure {
  /** Null: deliveries for all workspaces. */
  workspaceId: string | null;
  /** Subject of the failure. */
  subject: { calendarId: string } | { accountId: string } | { workspace: true };
  operation: DeadLetterOperation;
  failureType: FailureType;
  workflowId: string;
  runId: string;
  correlationId: string | null;
  failedAt: Date;
  /**
   * Time of the operation's last success, by the database's clock; null: never. A dead letter that was
   * discarded since then stays closed, because the failure is known and persists.
   */
  lastSuccessAt: Date | null;
  /** For failures of the whole installation: whether another calendar or account already failed this way. */
  persists?: boolean;
}

/**
 * Opens a dead letter, or counts the failure in the one that is open. A run counts once, however many of its
 * attempts or calendars report the failure. For failures of the installation, a fan-out counts once.
 */
export async function openDeadLetter(transaction: Transaction, failure: LastingFailure): Promise<void> {
  const { failureType, workflowId, runId, correlationId, failedAt } = failure;
  if (RETRY_TABLE[failureType].deadLetter === 'none') return;
  const { workspaceId, calendarId, accountId, operation, lastSuccessAt } = addressOf(failure);
  await transaction.$executeRaw`
    insert into dead_letters as d (workspace_id, calendar_id, account_id, operation, failure_type, workflow_id,
      run_id, correlation_id, first_failed_at, last_failed_at)
    select ${workspaceId}::text, ${calendarId}::uuid, ${accountId}::uuid, ${operation}, ${failureType}, ${workflowId},
      ${runId}, ${correlationId}, ${failedAt}::timestamptz, ${failedAt}::timestamptz
    where not exists (
      select from dead_letters known
      where known.workspace_id is not distinct from ${workspaceId}::text and known.operation = ${operation}
        and known.failure_type = ${failureType} and known.status = 'discarded'
        and coalesce(known.calendar_id, known.account_id) is not distinct from coalesce(${calendarId}::uuid, ${accountId}::uuid)
        and known.closed_at > coalesce(${lastSuccessAt}::timestamptz, '-infinity')
    ) or exists (
      select from dead_letters open where ${workspaceId}::text is null and open.workspace_id is null
        and open.operation = ${operation} and open.failure_type = ${failureType} and open.status = 'open'
    )
    on conflict (coalesce(workspace_id, ''), operation,
      coalesce(calendar_id, account_id, '00000000-0000-0000-0000-000000000000'::uuid), failure_type)
      where status = 'open'
    do update set
      attempts = d.attempts + case when d.run_id = excluded.run_id
        or (d.workspace_id is null and d.correlation_id = excluded.correlation_id) then 0 else 1 end,
      workflow_id = excluded.workflow_id, run_id = excluded.run_id, correlation_id = excluded.correlation_id,
      last_failed_at = greatest(d.last_failed_at, excluded.last_failed_at)`;
}

/** Key of the dead letter. Failures of the whole installation belong to no workspace. */
function addressOf({ workspaceId, subject, operation, failureType, ...times }: LastingFailure) {
  if (RETRY_TABLE[failureType].deadLetter === 'installation') {
    return {
      workspaceId: null,
      calendarId: null,
      accountId: null,
      operation: DeadLetterOperation.accessToken,
      lastSuccessAt: times.persists ? null : times.failedAt,
    };
  }
  return {
    workspaceId,
    calendarId: 'calendarId' in subject ? subject.calendarId : null,
    accountId: 'accountId' in subject ? subject.accountId : null,
    operation,
    lastSuccessAt: times.lastSuccessAt,
  };
}

interface DeadLetterSubject {
  operation: string;
  workspaceId?: string | null;
  calendarId?: string | null;
  accountId?: string | null;
}

/** Subject of a dead letter, in words. */
export function subjectOf({ operation, workspaceId, calendarId, accountId }: DeadLetterSubject): string {
  if (operation === DeadLetterOperation.delivery)
    return workspaceId ? 'webhooks' : 'webhooks for all workspaces';
  if (calendarId) return `calendar ${calendarId}`;
  if (accountId) return `account ${accountId}`;
  return workspaceId ? 'plan' : 'the whole installation';
}
