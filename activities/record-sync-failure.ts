import { activityInfo } from '@temporalio/activity';
import type { RecordSyncFailureInput } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { Transaction } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { nextTickAfterTrouble } from './mirror/next-sync.ts';

/** Losing a calendar shows in the calendar list first: it is looked at before anything is concluded. */
const CALENDAR_LOST: readonly string[] = [FailureType.googleNotFound, FailureType.googleForbidden];

async function recordOnCalendar(
  transaction: Transaction,
  input: RecordSyncFailureInput,
  now: Date,
): Promise<void> {
  const { calendarId, failureType } = input;
  if (calendarId === null) return;
  const state = await transaction.calendarSyncState.findUnique({ where: { calendarId } });
  if (state === null) return;
  const failures = state.failures + 1;
  await transaction.calendarSyncState.update({
    where: { calendarId },
    data: {
      failures,
      lastError: failureType,
      lastErrorAt: now,
      // A calendar that was disabled meanwhile stays so.
      ...(state.nextSyncAt === null ? {} : { nextSyncAt: nextTickAfterTrouble(now, failures) }),
    },
  });
  const { workflowExecution } = activityInfo();
  const outcome = { outcome: 'failed', failureType, finishedAt: now };
  const runId = workflowExecution?.runId ?? '';
  await transaction.workspaceCalendarSyncLog.upsert({
    where: { calendarId_runId: { calendarId, runId } },
    create: {
      ...outcome,
      workspaceId: input.workspaceId,
      calendarId,
      workflowId: workflowExecution?.workflowId ?? '',
      runId,
      mode: input.mode,
      source: input.source,
      correlationId: input.correlationId,
    },
    update: outcome,
  });
  if (CALENDAR_LOST.includes(failureType)) {
    const calendar = await transaction.calendar.update({
      where: { id: calendarId },
      data: { status: 'inaccessible' },
    });
    await transaction.calendarAuthToken.update({
      where: { id: calendar.accountId },
      data: { calendarListDueAt: now },
    });
  }
}

/** Revoked consent: no calendar of the account is due any more until somebody connects it again. */
async function recordRevocation(transaction: Transaction, accountId: string): Promise<void> {
  await transaction.calendarAuthToken.update({
    where: { id: accountId },
    data: {
      status: 'needs_reconnect',
      lastError: FailureType.googleAuthRevoked,
      accessToken: null,
      accessTokenExpiresAt: null,
    },
  });
  await transaction.$executeRaw`
    update calendar_sync_states s set next_sync_at = null
    from calendars c where c.id = s.calendar_id and c.account_id = ${accountId}::uuid`;
}

async function accountOf(transaction: Transaction, calendarId: string | null): Promise<string | null> {
  if (calendarId === null) return null;
  return (await transaction.calendar.findUnique({ where: { id: calendarId } }))?.accountId ?? null;
}

/** What a failed calendar or account leaves behind: health, run log, and when it is tried again. Data is kept. */
export function createRecordSyncFailure({ database, now }: ActivityDependencies) {
  return async function recordSyncFailure(input: RecordSyncFailureInput): Promise<void> {
    await database.$transaction(async (transaction) => {
      await recordOnCalendar(transaction, input, now());
      const accountId = input.accountId ?? (await accountOf(transaction, input.calendarId));
      if (accountId === null) return;
      if (input.failureType === FailureType.googleAuthRevoked) await recordRevocation(transaction, accountId);
      else if (input.calendarId === null) {
        await transaction.calendarAuthToken.update({
          where: { id: accountId },
          data: { lastError: input.failureType, calendarListDueAt: nextTickAfterTrouble(now(), 1) },
        });
      }
    });
  };
}
