import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { MINUTE_MS } from './civil-time.ts';
import { brokenByDailyLimit, brokenByItself, brokenByOverlap } from './check-time.ts';
import { brokenByCurrent, brokenByHabit, brokenByTask } from './check-work.ts';
import { placed, spanOf } from './world.ts';

/**
 * Free blocks of the last plan that begin so soon that they should have stayed, unless they break rules
 * there.
 */
function brokenByFreeze(input: PlanInput, plan: Plan): string[] {
  const until = Date.parse(input.now) + input.policy.freezeMinutes * MINUTE_MS;
  const frozen = input.current
    .filter((block) => !block.pinned && spanOf(block).start < until)
    .map((block) => ({
      ...block,
      chunk: { index: 1, of: 1 },
      kept: true,
      reason: { code: 'kept' as const, because: 'frozen' as const },
    }));
  const pinned = plan.blocks.filter((block) => block.pinned);
  // Where they stand in each other's way too, nothing is said about which has to go.
  if (hardRulesBroken(input, { ...plan, blocks: [...pinned, ...frozen] }).length > 0) return [];
  return frozen
    .filter(
      ({ id, start, end }) =>
        !plan.blocks.some((block) => block.id === id && block.start === start && block.end === end),
    )
    .map(({ id }) => `free ${id} begins soon and was moved`);
}

/** Every hard rule of the specification that a plan breaks, in words; empty for a plan that may be shown. */
export function brokenRules(input: PlanInput, plan: Plan): string[] {
  return [...hardRulesBroken(input, plan), ...brokenByCurrent(input, plan), ...brokenByFreeze(input, plan)];
}

function hardRulesBroken(input: PlanInput, plan: Plan): string[] {
  const broken: string[] = [];
  for (const block of plan.blocks) {
    const owners = block.kind === 'task' ? input.tasks : input.habits;
    if (block.pinned) continue;
    if (!owners.some(({ id }) => id === block.refId)) broken.push(`${block.id} belongs to nothing`);
    for (const problem of brokenByItself(input, placed(block)))
      broken.push(`${block.kind} ${block.refId} ${block.start}: ${problem}`);
  }
  broken.push(...brokenByOverlap(input, plan), ...brokenByDailyLimit(input, plan));
  for (const task of input.tasks) broken.push(...brokenByTask(input, plan, task));
  for (const habit of input.habits) broken.push(...brokenByHabit(input, plan, habit));
  return broken;
}
