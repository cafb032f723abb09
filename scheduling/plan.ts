import { buildWorld, heldBlocks } from './build-world.ts';
import { levelOneCeiling } from './ceiling.ts';
import { byDeadline, construct } from './construct.ts';
import { describePlan } from './describe-plan.ts';
import { makeFrame } from './frame.ts';
import { frozenBlocks } from './frozen.ts';
import type { Plan, PlanOptions } from './plan-types.ts';
import type { PlanInput } from './plan-input.ts';
import { defaultSteps, search } from './search.ts';

/**
 * Plans tasks and habits into free time: the same plan for the same input, byte for byte.
 *
 * @example
 * const tasks = [{ id: 't1', durationMinutes: 60 }];
 * plan(parsePlanInput({ timeZone: 'Europe/Berlin', now: '2026-01-05T08:00:00Z', tasks }));
 */
export function plan(input: PlanInput, options: PlanOptions = {}): Plan {
  const frame = makeFrame(input);
  const { schedule, ceiling, visits } = search(frame, options.steps ?? defaultSteps(input));
  return describePlan(frame, schedule, ceiling, visits);
}

/** Plain earliest-deadline-first: each task and habit in turn as early as it fits. The baseline for plans. */
export function greedy(given: PlanInput): Plan {
  const frame = makeFrame(given);
  const { input } = frame;
  const frozen = frozenBlocks(buildWorld(frame, input.current));
  const schedule = construct(buildWorld(frame, input.current, frozen), byDeadline);
  return describePlan(
    frame,
    schedule,
    levelOneCeiling(buildWorld(frame, heldBlocks(input))),
    schedule.visits,
  );
}
