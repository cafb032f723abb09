export type { LateTask, Plan, PlannedBlock, PlanObjective, PlanOptions, Unscheduled } from './plan-types.ts';
export type { PlacementReason, PlanWarning, UnscheduledReason } from './reasons.ts';
export type { CurrentBlock, PlanHabit, PlanInput, PlanTask } from './plan-input.ts';
export { parsePlanInput, PlanInputError } from './plan-input.ts';
export { objective, type ObjectiveBlock } from './objective.ts';
export { greedy, plan } from './plan.ts';
export {
  renderMinutes,
  renderPlacement,
  renderUnscheduled,
  renderWarning,
  type RenderContext,
} from './render-reason.ts';
