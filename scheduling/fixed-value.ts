import { addValues, NOTHING, timelyMinutes, type Value } from './value.ts';
import { WEIGHTS, type World } from './world.ts';

/** The value of a world's fixed blocks in levels 1 and 2, which no search can change. */
export function fixedValue(world: World): Value {
  const { tasks, habits } = world.input;
  const owners = new Map<string, { weight: number; deadline: number }>();
  const deadlines = new Map(world.jobs.map((job) => [`${job.kind} ${job.refId}`, job.deadline]));
  for (const { id, priority } of tasks)
    owners.set(`task ${id}`, {
      weight: WEIGHTS[priority],
      deadline: deadlines.get(`task ${id}`) ?? Infinity,
    });
  for (const { id, priority } of habits)
    owners.set(`habit ${id}`, { weight: WEIGHTS[priority], deadline: Infinity });
  let total = NOTHING;
  for (const { kind, refId, start, end } of world.fixed) {
    const owner = owners.get(`${kind} ${refId}`);
    if (!owner) continue;
    const timely = timelyMinutes(owner.deadline, start, end);
    const onTime = owner.weight * timely;
    const late = owner.weight * (end - start - timely);
    total = addValues(total, { ...NOTHING, onTime, late });
  }
  return total;
}
