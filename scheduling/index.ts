/**
 * Plans tasks and habits into free time. The steps, and their files:
 *
 * 1. `plan-input.ts` checks the input; `frame.ts` finds the days and the open hours, `build-world.ts` the
 * jobs left to
 *    place and their free time.
 * 2. `construct.ts` places every job in some order. `insert.ts` places a block at a new place and `keep.ts`
 * at its place
 *    in the last run: only these two know the hard rules.
 * 3. `improve.ts` takes blocks out (`ruin.ts`) and places them again (`rebuild.ts`) until the steps are used
 * up, or the
 *    bound of `bound.ts` is reached. `value.ts` compares levels; `ceiling.ts` bounds level 1.
 * 4. Calm: `search.ts` decides; `plan-calmly.ts` changes the last plan only as far as levels 1 and 2 gain by
 * it.
 * 5. `describe-plan.ts` turns blocks into a plan; `explain-placement.ts` and `explain-unscheduled.ts` find
 * its reasons,
 *    and `render-reason.ts` puts them into sentences.
 *
 * It may import `contracts/` only, and no module of Node.
 */
export type { Plan, PlannedBlock, PlanObjective, PlanOptions } from './plan-types.ts';
export { planSchema } from './plan-types.ts';
export type { PlanWarning } from './reasons.ts';
export type { CurrentBlock, PlanInput } from './plan-input.ts';
export { parsePlanInput, PlanInputError } from './plan-input.ts';
export { objective } from './objective.ts';
export { greedy, plan } from './plan.ts';
export { renderMinutes, renderPlacement, renderUnscheduled, type RenderContext } from './render-reason.ts';
