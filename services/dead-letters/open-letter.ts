import { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import type { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { Transaction } from '../../prisma/client.ts';

/** What stays failed, and in which run that was noticed. */
export interface Trouble {
  workspaceId: string;
  /** A calendar's trouble, an account's, or else the workspace's. */
  subject: { calendarId: string } | { accountId: string } | { workspace: true };
  operation: DeadLetterOperation;
  failureType: FailureType;
  workflowId: string;
  runId: string;
  correlationId: string | null;
  failedAt: Date;
  /**
   * When the operation last succeeded, by the database's clock; null: never. A letter that was discarded since then
   * stays closed: its trouble is known, and goes on.
   */
  lastSuccessAt: Date | null;
  /** Of trouble that the whole installation shares: somebody had it before. */
  goesOn?: boolean;
}

/**
 * Opens a dead letter, or counts up the one that is open for the same trouble: once a run, however many of a run's
 * attempts or calendars report it; what is the installation's, once a fan-out.
 */
export async function openLetter(transaction: Transaction, trouble: Trouble): Promise<void> {
  const { failureType, workflowId, runId, correlationId, failedAt } = trouble;
  if (RETRY_TABLE[failureType].letter === 'none') return;
  const { workspaceId, calendarId, accountId, operation, lastSuccessAt } = addressOf(trouble);
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

/** What the letter is filed under. Trouble of the whole installation is no workspace's. */
function addressOf({ workspaceId, subject, operation, failureType, ...times }: Trouble) {
  if (RETRY_TABLE[failureType].letter === 'installation') {
    return {
      workspaceId: null,
      calendarId: null,
      accountId: null,
      operation: DeadLetterOperation.accessToken,
      lastSuccessAt: times.goesOn ? null : times.failedAt,
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

interface LetterSubject {
  workspaceId?: string | null;
  calendarId?: string | null;
  accountId?: string | null;
}

/** Whose trouble a dead letter is about, for people. */
export function subjectOf({ workspaceId, calendarId, accountId }: LetterSubject): string {
  if (calendarId) return `calendar ${calendarId}`;
  if (accountId) return `account ${accountId}`;
  return workspaceId ? 'plan' : 'the whole installation';
}
