import { activityInfo } from '@temporalio/activity';
import type { RecordSyncFailureInput } from '../contracts/sync-activities.ts';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import { FailureType } from '../contracts/failure-types.ts';
import { RETRY_TABLE } from '../contracts/retry-table.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { databaseFailureKind, isDatabaseOutage } from '../prisma/failure-kind.ts';
import { Prisma } from '../prisma/generated/client.ts';
import { openDeadLetter, type LastingFailure } from '../services/dead-letters/open-dead-letter.ts';
import { sharedFailurePersists } from '../services/dead-letters/shared-failures.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { grantFingerprint } from '../services/google/grant-fingerprint.ts';
import { readBlock } from '../services/google/quota.ts';
import { nextTick, nextTickAfterFailures } from '../services/mirror/next-sync.ts';

/** Failures that may mean a lost calendar, which only the calendar list can confirm: it is read next. */
const CALENDAR_LOST: readonly string[] = [FailureType.googleNotFound, FailureType.googleForbidden];

interface LockedAccount {
  id: string;
  status: string;
  refreshToken: Uint8Array;
  calendarListSyncedAt: Date | null;
}

/** Rows are always locked in this order: account, sync state, dead letters, position of the change log. */
async function lockAccount(
  transaction: Transaction,
  { accountId, calendarId }: RecordSyncFailureInput,
): Promise<LockedAccount | null> {
  const [account] = await transaction.$queryRaw<LockedAccount[]>`
    select a.id::text, a.status, a.refresh_token as "refreshToken",
      a.calendar_list_synced_at as "calendarListSyncedAt"
    from calendar_auth_tokens a
    where a.id = coalesce(${accountId}::uuid, (select account_id from calendars where id = ${calendarId}::uuid))
    for update`;
  return account ?? null;
}

type RunFailure = Omit<LastingFailure, 'subject' | 'operation' | 'lastSuccessAt'>;

async function writeRunLog(
  transaction: Transaction,
  input: RecordSyncFailureInput,
  calendarId: string,
  { runId, workflowId, failureType, failedAt }: RunFailure,
): Promise<void> {
  const { workspaceId, mode, source, correlationId } = input;
  const outcome = { outcome: 'failed', failureType, finishedAt: failedAt };
  await transaction.workspaceCalendarSyncLog.upsert({
    where: { calendarId_runId: { calendarId, runId } },
    create: {
      ...outcome,
      workspaceId,
      calendarId,
      workflowId,
      runId,
      mode,
      source,
      correlationId,
      // Start of the run, because retries may have gone on for a long time.
      startedAt: new Date(input.runStartedAt),
    },
    update: outcome,
  });
}

async function recordOnCalendar(
  transaction: Transaction,
  calendarId: string,
  accountId: string,
  runFailure: RunFailure,
): Promise<void> {
  const { failureType, failedAt } = runFailure;
  const [state] = await transaction.calendarSyncState.updateManyAndReturn({
    where: { calendarId },
    data: { failures: { increment: 1 }, lastError: failureType, lastErrorAt: failedAt },
  });
  // A calendar that was disabled or removed in the meantime needs neither a retry nor a dead letter.
  if (!state || state.nextSyncAt === null) return;
  const blockedUntil = await readBlock(transaction, accountId);
  // Until Google's block ends no request would be made.
  await transaction.$executeRaw`
    update calendar_sync_states
    set next_sync_at = greatest(${nextTickAfterFailures(state.failures)},
      ${nextTick(Prisma.sql`${blockedUntil}::timestamptz`)})
    where calendar_id = ${calendarId}::uuid`;
  if (CALENDAR_LOST.includes(failureType)) {
    await transaction.calendar.update({ where: { id: calendarId }, data: { status: 'inaccessible' } });
    await transaction.$executeRaw`
      update calendar_auth_tokens set calendar_list_due_at = now() where id = ${accountId}::uuid`;
  }
  await openDeadLetter(transaction, {
    ...runFailure,
    subject: { calendarId },
    operation: DeadLetterOperation.sync,
    lastSuccessAt: state.lastSyncedAt,
  });
}

/** Records revoked consent: no calendar of the account is due until the account is connected again. */
async function recordRevocation(
  transaction: Transaction,
  account: LockedAccount,
  calendarId: string | null,
  runFailure: RunFailure,
): Promise<void> {
  await transaction.calendarAuthToken.update({
    where: { id: account.id },
    data: {
      status: 'needs_reconnect',
      lastError: FailureType.googleAuthRevoked,
      accessToken: null,
      accessTokenExpiresAt: null,
    },
  });
  if (calendarId !== null) {
    await transaction.calendarSyncState.updateMany({
      where: { calendarId },
      data: {
        failures: { increment: 1 },
        lastError: runFailure.failureType,
        lastErrorAt: runFailure.failedAt,
      },
    });
  }
  await transaction.$executeRaw`
    update calendar_sync_states s set next_sync_at = null
    from calendars c where c.id = s.calendar_id and c.account_id = ${account.id}::uuid`;
  await openDeadLetter(transaction, {
    ...runFailure,
    subject: { accountId: account.id },
    operation: DeadLetterOperation.consent,
    // The account was connected until now, so this failure is newer than any discarded dead letter.
    lastSuccessAt: account.status === 'connected' ? runFailure.failedAt : null,
  });
}

async function recordOnAccount(
  transaction: Transaction,
  account: LockedAccount,
  runFailure: RunFailure,
): Promise<void> {
  const { failureType } = runFailure;
  await transaction.$executeRaw`
    update calendar_auth_tokens
    set last_error = ${failureType}, calendar_list_due_at = ${nextTickAfterFailures(1)}, updated_at = now()
    where id = ${account.id}::uuid`;
  await openDeadLetter(transaction, {
    ...runFailure,
    subject: { accountId: account.id },
    operation: DeadLetterOperation.calendarList,
    lastSuccessAt: account.calendarListSyncedAt,
  });
}

/**
 * Ends the run log of a run that an outage of Postgres has cut. No calendar or account is at fault, so what
 * was due stays due. If the outage still lasts, the run log stays as it is.
 */
async function endRunLog(database: Database, calendarId: string | null, runId: string): Promise<void> {
  try {
    await database.$executeRaw`
      update workspace_calendar_sync_log
      set outcome = 'failed', failure_type = ${FailureType.databaseUnavailable}, finished_at = now()
      where calendar_id = ${calendarId}::uuid and run_id = ${runId}`;
  } catch (error) {
    if (!isDatabaseOutage(databaseFailureKind(error))) throw error;
  }
}

/**
 * Records the failure of a calendar or account in one transaction: its health, the run log, the time of the
 * next attempt, and a dead letter. Data and sync tokens are kept.
 */
export function createRecordSyncFailure({ database, metrics, now }: ActivityDependencies) {
  return async function recordSyncFailure(input: RecordSyncFailureInput): Promise<void> {
    const { workspaceId, correlationId, calendarId, failureType } = input;
    const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
    if (failureType === FailureType.databaseUnavailable) {
      await endRunLog(database, calendarId, runId);
      metrics.syncFailed(failureType);
      return;
    }
    const runFailure: RunFailure = {
      workspaceId,
      failureType,
      correlationId,
      workflowId,
      runId,
      failedAt: await now(),
    };
    const isShared = RETRY_TABLE[failureType].deadLetter === 'installation';
    await database.$transaction(async (transaction) => {
      const account = await lockAccount(transaction, input);
      if (account === null) return;
      if (calendarId !== null) await writeRunLog(transaction, input, calendarId, runFailure);
      // An account that was disconnected in the meantime needs no dead letter.
      if (account.status === 'disconnected') return;
      if (isShared) runFailure.persists = await sharedFailurePersists(transaction, failureType);
      if (failureType !== FailureType.googleAuthRevoked) {
        return calendarId === null
          ? recordOnAccount(transaction, account, runFailure)
          : recordOnCalendar(transaction, calendarId, account.id, runFailure);
      }
      // If the account has been connected again since, Google refused the previous grant.
      const late = input.grant !== undefined && input.grant !== grantFingerprint(account.refreshToken);
      if (!late) await recordRevocation(transaction, account, calendarId, runFailure);
    });
    metrics.syncFailed(failureType);
  };
}
