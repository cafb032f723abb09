/**
 * Plans tasks and habits into free time. What happens to an input, and where:
 *
 * 1. `plan-input.ts` checks it; `frame.ts` finds the days and the open hours, `build-world.ts` what is left to place and where.
 * 2. `construct.ts` places every job in some order. Every block is put by `insert.ts` or, where the last run had it, by `keep.ts`:
 *    the two that know the hard rules.
 * 3. `improve.ts` takes blocks out (`ruin.ts`) and places them anew (`rebuild.ts`) until the steps are used up, or `bound.ts` says
 *    that nothing can be better. `value.ts` compares levels; `ceiling.ts` is the most that level 1 can be.
 * 4. Calm: `search.ts` decides; `plan-calmly.ts` disturbs the last plan only as far as levels 1 and 2 gain by it.
 * 5. `describe-plan.ts` turns blocks into a plan; `explain-placement.ts` and `explain-unscheduled.ts` find its reasons, and
 *    `render-reason.ts` their sentences.
 */
export type { Plan, PlannedBlock, PlanObjective, PlanOptions } from './plan-types.ts';
export type { PlanWarning } from './reasons.ts';
export type { CurrentBlock, PlanInput } from './plan-input.ts';
export { parsePlanInput, PlanInputError } from './plan-input.ts';
export { objective } from './objective.ts';
export { greedy, plan } from './plan.ts';
export {
  renderMinutes,
  renderPlacement,
  renderUnscheduled,
  type RenderContext,
} from './render-reason.ts';
