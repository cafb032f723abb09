/** The parts of a plan's input that refer to each other. */
interface ReferringInput {
  hours: Record<string, unknown>;
  tasks: readonly { id: string; hours: string; after: readonly string[] }[];
  habits: readonly { id: string; hours: string; after: string | null; before: string | null }[];
  current: readonly { id: string }[];
}

/** A field and its problem, as a clause that follows the field's name. */
export interface FieldProblem {
  path: PropertyKey[];
  message: string;
}

/** Types of hours that may be named without being given: `work` and `personal` have defaults. */
const KNOWN_HOURS = ['work', 'personal', 'meeting'];

function findDuplicate(list: readonly { id: string }[], name: string): FieldProblem | null {
  const seen = new Set<string>();
  for (const [index, { id }] of list.entries()) {
    if (seen.has(id)) return { path: [name, index, 'id'], message: `repeats "${id}"` };
    seen.add(id);
  }
  return null;
}

/** The IDs of a cycle in a graph of predecessors, or null. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  for (const root of edges.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }];
    if (done.has(root)) continue;
    path.push(root);
    onPath.add(root);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const target = edges.get(top.id)?.[top.next++];
      if (target === undefined) {
        stack.pop();
        path.pop();
        onPath.delete(top.id);
        done.add(top.id);
      } else if (onPath.has(target)) {
        return path.slice(path.indexOf(target));
      } else if (!done.has(target)) {
        stack.push({ id: target, next: 0 });
        path.push(target);
        onPath.add(target);
      }
    }
  }
  return null;
}

function checkTasks(input: ReferringInput): FieldProblem | null {
  const ids = new Set(input.tasks.map((task) => task.id));
  for (const [index, task] of input.tasks.entries()) {
    const unknown = task.after.find((id) => !ids.has(id));
    if (unknown !== undefined)
      return { path: ['tasks', index, 'after'], message: `names "${unknown}", which is not a task` };
  }
  const cycle = findCycle(new Map(input.tasks.map((task) => [task.id, task.after])));
  if (!cycle) return null;
  const index = input.tasks.findIndex((task) => task.id === cycle[0]);
  return { path: ['tasks', index, 'after'], message: 'makes the task wait for itself' };
}

function checkHabits(input: ReferringInput): FieldProblem | null {
  const ids = new Set(input.habits.map((habit) => habit.id));
  const edges = new Map<string, string[]>(input.habits.map((habit) => [habit.id, []]));
  for (const [index, habit] of input.habits.entries()) {
    for (const field of ['after', 'before'] as const) {
      const other = habit[field];
      if (other === null) continue;
      if (!ids.has(other))
        return { path: ['habits', index, field], message: `names "${other}", which is not a habit` };
      if (field === 'after') edges.get(habit.id)!.push(other);
      else edges.get(other)!.push(habit.id);
    }
  }
  const cycle = findCycle(edges);
  if (!cycle) return null;
  const index = input.habits.findIndex(({ id }) => id === cycle[0]);
  const field = input.habits[index]?.after ? 'after' : 'before';
  return { path: ['habits', index, field], message: 'makes the habit wait for itself' };
}

/** Finds the first unknown, duplicate or circular reference between the parts of an input. */
export function checkReferences(input: ReferringInput): FieldProblem | null {
  const hours = new Set([...KNOWN_HOURS, ...Object.keys(input.hours)]);
  for (const name of ['tasks', 'habits'] as const) {
    const duplicate = findDuplicate(input[name], name);
    if (duplicate) return duplicate;
    const index = input[name].findIndex((one) => !hours.has(one.hours));
    if (index >= 0)
      return {
        path: [name, index, 'hours'],
        message: `names "${input[name][index]!.hours}", for which no hours are given`,
      };
  }
  return findDuplicate(input.current, 'current') ?? checkTasks(input) ?? checkHabits(input);
}
