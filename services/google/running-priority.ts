import { activityInfo } from '@temporalio/activity';
import { PriorityKey } from '../../contracts/priorities.ts';

/** The priority of the running activity, which is its workflow's unless it was given one of its own. */
export function runningPriority(): number {
  return activityInfo().priority?.priorityKey ?? PriorityKey.tick;
}
