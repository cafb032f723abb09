import { cancellationSignal } from '@temporalio/activity';
import type { PlanWorkspaceInput, PlanWorkspaceResult } from '../contracts/planning-activities.ts';
import type { PlanInput } from '../scheduling/index.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { diffPlan } from '../services/planning/write-back/diff-plan.ts';
import { loadBlocks } from '../services/planning/write-back/load-blocks.ts';
import { nameBlocks } from '../services/planning/write-back/name-blocks.ts';
import { fingerprint, readPlanInput } from '../services/planning/write-back/read-plan-input.ts';
import { runEngine } from '../services/planning/write-back/run-engine.ts';
import { storeRun } from '../services/planning/write-back/store-run.ts';
import { requireActiveWorkspace } from '../services/workspaces.ts';

/**
 * Drops the current blocks, so that the plan starts afresh; pinned blocks and blocks that have begun stay.
 */
function withoutCalm(input: PlanInput): PlanInput {
  const nowMs = Date.parse(input.now);
  return {
    ...input,
    current: input.current.filter(({ pinned, start }) => pinned || Date.parse(start) < nowMs),
  };
}

/**
 * Reads the tasks, habits and free time of a workspace, plans, and stores the run with every change it would
 * make. Makes no requests to Google. A retry makes another run, which replaces the first.
 */
export function createPlanWorkspace({ database, now }: ActivityDependencies) {
  return async function planWorkspace(input: PlanWorkspaceInput): Promise<PlanWorkspaceResult> {
    const { workspaceId, days, force, safe, expectedFingerprint } = input;
    await requireActiveWorkspace(database, workspaceId);
    const at = await now();
    const known = await readPlanInput(database, workspaceId, at, days === null ? {} : { days });
    const seen = fingerprint(known);
    const replanned = expectedFingerprint !== null && expectedFingerprint !== seen;
    const refused = replanned && safe;
    const planInput = force ? withoutCalm(known) : known;

    const startedMs = performance.now();
    const plan = await runEngine(planInput, cancellationSignal());
    const planningMs = Math.round(performance.now() - startedMs);

    const rows = await loadBlocks(database, workspaceId, at);
    const considered = new Set(known.current.map(({ id }) => id));
    const named = { ...plan, blocks: nameBlocks(plan.blocks, rows, considered, known.timeZone) };
    const runId = await storeRun(database, {
      input,
      known,
      fingerprint: seen,
      plan: named,
      diff: diffPlan(named, rows, considered, at.getTime()),
      now: at,
      refused,
      planningMs,
    });
    return {
      runId,
      placed: plan.blocks.length,
      unscheduled: plan.unscheduled.length,
      replanned,
      refused: refused ? 'changed-since-preview' : null,
    };
  };
}
