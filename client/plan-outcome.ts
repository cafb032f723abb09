import { z } from 'zod';
import { planEndSchema, type PlanResult } from '../contracts/plan-result.ts';
import type { Database } from '../prisma/client.ts';
import { planSchema } from '../scheduling/index.ts';
import { type AlmanacClient, failureOf } from './almanac-client.ts';
import type { StartedRun } from './started-run.ts';
import { RunFailedError } from '../services/errors.ts';
import { type PlanRun, readPlanRun } from '../services/planning/plan-runs.ts';

/** A plan and the outcome of its run. */
export const planOutcomeSchema = planSchema.extend({ ...planEndSchema.shape, runId: z.string() });
export type PlanOutcome = z.infer<typeof planOutcomeSchema>;

/**
 * Waits for a planning run.
 * @throws RunFailedError naming the failure type, when the workflow failed.
 */
export async function waitForPlanResult(almanac: AlmanacClient, run: StartedRun): Promise<PlanResult> {
  try {
    return await almanac.waitForPlan(run);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    throw new RunFailedError(`Run ${run.workflowId} failed: ${failure}.`, { cause: error });
  }
}

/** Outcome of a preview or an apply, with its plan; null where no plan was made. */
export async function readPlanOutcome(
  database: Database,
  result: PlanResult,
): Promise<{ outcome: PlanOutcome; run: PlanRun } | null> {
  const { runId, mode, applied, replanned, edits, refused, error } = result;
  if (runId === null) return null;
  const run = await readPlanRun(database, runId);
  const { created, moved, deleted } = mode === 'preview' ? run.changes : result;
  return {
    outcome: {
      ...run.plan,
      runId,
      applied,
      created,
      moved,
      deleted,
      replanned,
      edits,
      ...(refused !== undefined && { refused }),
      ...(error !== undefined && { error }),
    },
    run,
  };
}
