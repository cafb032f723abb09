/**
 * Finds the shortest path by which an item would come after itself, from its ID back to its ID; null if there
 * is none.
 * @param after predecessors of each ID
 */
export function findCircle(id: string, after: ReadonlyMap<string, readonly string[]>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [id];
  for (const current of queue) {
    for (const next of after.get(current) ?? []) {
      if (next === id) return [...pathTo(current, cameFrom), id];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, current);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(id: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [id];
  for (let from = cameFrom.get(id); from !== undefined; from = cameFrom.get(from)) path.unshift(from);
  return path;
}
