import { activityInfo } from '@temporalio/activity';
import type { EventDetail } from '../../contracts/event-details.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { VerificationStep } from '../../contracts/verification-activities.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { failure } from '../failures.ts';

/** Identifies the attempt, step and run that writes. A later one overtakes every earlier one. */
export interface VerificationFence {
  calendarId: string;
  runId: string;
  step: number;
  attempt: number;
}

interface HeldVerification {
  /** Sync token of the mirror when the verification began. */
  syncToken: string;
  /** Detail with which that token was taken. */
  detail: EventDetail;
  /** Version of the sync state when the increment was last listed; null: never. */
  stamp: string | null;
}

/** Fence of the running activity. */
export function fenceOf({ calendarId, step }: VerificationStep): VerificationFence {
  const { attempt, workflowExecution } = activityInfo();
  return { calendarId, step, attempt, runId: workflowExecution?.runId ?? '' };
}

function overtaken(calendarId: string) {
  return failure(FailureType.fenced, `A later verification of calendar ${calendarId} has begun.`);
}

/** Begins the verification of a calendar, and deletes the records of an earlier one. */
export async function beginVerification(
  database: Database,
  { calendarId, runId, step, attempt }: VerificationFence,
  { syncToken, detail }: Pick<HeldVerification, 'syncToken' | 'detail'>,
): Promise<void> {
  await database.$transaction(async (transaction) => {
    const begun = await transaction.$executeRaw`
      insert into calendar_verifications as v (calendar_id, run_id, step, attempt, sync_token, event_detail)
      values (${calendarId}::uuid, ${runId}, ${step}::int, ${attempt}::int, ${syncToken}, ${detail})
      on conflict (calendar_id) do update
      set run_id = excluded.run_id, step = excluded.step, attempt = excluded.attempt,
        sync_token = excluded.sync_token, event_detail = excluded.event_detail, stamp = null, started_at = now()
      where v.run_id <> excluded.run_id or (v.step, v.attempt) < (excluded.step, excluded.attempt)`;
    if (begun === 0) throw overtaken(calendarId);
    await transaction.calendarVerificationPage.deleteMany({ where: { calendarId } });
    await transaction.calendarDifference.deleteMany({ where: { calendarId } });
  });
}

/**
 * Takes the verification for an attempt, or checks that the attempt still holds it. In a transaction it is
 * also locked.
 */
export async function holdVerification(
  database: Database | Transaction,
  { calendarId, runId, step, attempt }: VerificationFence,
): Promise<HeldVerification> {
  const [held] = await database.$queryRaw<HeldVerification[]>`
    update calendar_verifications set step = ${step}::int, attempt = ${attempt}::int
    where calendar_id = ${calendarId}::uuid and run_id = ${runId}
      and (step, attempt) <= (${step}::int, ${attempt}::int)
    returning sync_token as "syncToken", event_detail as detail, stamp`;
  if (held === undefined) throw overtaken(calendarId);
  return held;
}
