import { Temporal } from 'temporal-polyfill';
import type { PlanRunContext, PlanWorkspaceInput } from '../../../contracts/planning-activities.ts';
import type { Database, Transaction } from '../../../prisma/client.ts';
import type { Plan, PlanInput, PlannedBlock } from '../../../scheduling/index.ts';
import { toJsonb, toJson } from '../../mirror/to-jsonb.ts';
import type { PlanDiff } from './diff-plan.ts';
import { summariseWrites } from './summarise-writes.ts';
import { storeWrites } from './writes.ts';

interface RunToStore {
  input: Pick<PlanWorkspaceInput, 'workspaceId' | 'mode' | 'source' | 'correlationId'>;
  /** Input of the plan. */
  known: PlanInput;
  fingerprint: string;
  plan: Plan;
  diff: PlanDiff;
  /** Time at which the plan was made. */
  now: Date;
  refused: boolean;
  /** Duration of planning in milliseconds. */
  planningMs: number;
}

/** Closes interrupted earlier runs of the workspace. The new run settles their remaining writes. */
export async function closeEarlierRuns(
  transaction: Transaction,
  { workspaceId }: PlanRunContext,
): Promise<void> {
  await transaction.$executeRaw`
    with closed as (
      update schedule_runs set status = 'failed', finished_at = coalesce(finished_at, now())
      where workspace_id = ${workspaceId} and status = 'applying'
    )
    update schedule_writes w set status = 'skipped'
    from schedule_runs r
    where r.id = w.run_id and r.workspace_id = ${workspaceId} and w.status in ('pending', 'sent')`;
}

async function addBlocks(
  transaction: Transaction,
  runId: string,
  { workspaceId }: PlanRunContext,
  blocks: readonly PlannedBlock[],
  timeZone: string,
): Promise<void> {
  const day = (start: string) =>
    Temporal.Instant.from(start).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const rows = blocks.map(({ id, kind, refId, start, end, chunk, reason }) => ({
    id,
    kind,
    task_id: kind === 'task' ? refId : null,
    habit_id: kind === 'habit' ? refId : null,
    habit_day: kind === 'habit' ? day(start) : null,
    start_at: start,
    end_at: end,
    chunk_index: chunk.index,
    chunk_of: chunk.of,
    reason,
  }));
  await transaction.$executeRaw`
    insert into scheduled_blocks (id, workspace_id, kind, task_id, habit_id, habit_day, start_at, end_at,
      chunk_index, chunk_of, reason, status, run_id)
    select id, ${workspaceId}, kind, task_id, habit_id, habit_day, start_at, end_at, chunk_index, chunk_of, reason,
      'planned', ${runId}::uuid
    from jsonb_to_recordset(${toJsonb(rows)}::jsonb) as r(id uuid, kind text, task_id uuid, habit_id uuid,
      habit_day date, start_at timestamptz, end_at timestamptz, chunk_index int, chunk_of int, reason jsonb)`;
}

/** Updates chunk and reason of existing blocks; their position changes with the writes. */
async function describeBlocks(transaction: Transaction, blocks: readonly PlannedBlock[]): Promise<void> {
  const rows = blocks.map(({ id, chunk, reason }) => ({
    id,
    chunk_index: chunk.index,
    chunk_of: chunk.of,
    reason,
  }));
  await transaction.$executeRaw`
    update scheduled_blocks b set chunk_index = r.chunk_index, chunk_of = r.chunk_of, reason = r.reason
    from jsonb_to_recordset(${toJsonb(rows)}::jsonb) as r(id uuid, chunk_index int, chunk_of int, reason jsonb)
    where b.id = r.id
      and (b.chunk_index, b.chunk_of, b.reason) is distinct from (r.chunk_index, r.chunk_of, r.reason)`;
}

/** Stores a run, and in mode `apply` also everything it is to write, in one transaction. Returns its ID. */
export async function storeRun(database: Database, run: RunToStore): Promise<string> {
  const { input, plan, diff, now } = run;
  const { timeZone, days, current: previous } = run.known;
  const { objective, blocks, unscheduled, late, warnings, stats } = plan;
  const applying = input.mode === 'apply' && !run.refused;
  return database.$transaction(async (transaction) => {
    if (applying) await closeEarlierRuns(transaction, input);
    const { id: runId } = await transaction.scheduleRun.create({
      data: {
        workspaceId: input.workspaceId,
        mode: input.mode,
        status: run.refused ? 'refused' : applying ? 'applying' : 'planned',
        source: input.source,
        correlationId: input.correlationId,
        fingerprint: run.fingerprint,
        objective: { ...objective },
        blocks: toJson(blocks),
        findings: toJson({ unscheduled, late, warnings, stats, days, previous, planningMs: run.planningMs }),
        diff: toJson(summariseWrites(diff.writes)),
        startedAt: now,
        finishedAt: applying ? null : now,
      },
      select: { id: true },
    });
    if (!applying) return runId;
    await addBlocks(transaction, runId, input, diff.added, timeZone);
    await describeBlocks(transaction, blocks);
    await transaction.scheduledBlock.updateMany({
      where: { id: { in: diff.dropped } },
      data: { status: 'deleted' },
    });
    await storeWrites(transaction, runId, diff.writes);
    return runId;
  });
}
