/**
 * The shortest way by which a thing would come after itself, from and to its ID, or null.
 * @param after What each ID comes after.
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
