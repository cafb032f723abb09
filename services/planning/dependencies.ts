import type { Transaction } from '../../prisma/client.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { findCircle } from './find-circle.ts';

/**
 * Replaces a task's dependencies. The workspace has to be locked, because two changes that are valid on their
 * own could form a cycle together.
 * @throws NotFoundError when a named task does not exist, InvalidInputError when the task would wait for
 *   itself.
 */
export async function setDependencies(
  transaction: Transaction,
  workspaceId: string,
  taskId: string,
  after: readonly string[],
): Promise<void> {
  const wanted = [...new Set(after)];
  const found = await transaction.task.findMany({
    where: { workspaceId, id: { in: wanted } },
    select: { id: true },
  });
  const missing = wanted.find((id) => !found.some((task) => task.id === id.toLowerCase()));
  if (missing !== undefined)
    throw new NotFoundError(`after names ${missing}, which is not a task of the workspace.`);

  const edges = await transaction.taskDependency.findMany({ where: { workspaceId } });
  const waits = new Map<string, string[]>();
  for (const { taskId: id, afterTaskId } of edges)
    if (id !== taskId) waits.set(id, [...(waits.get(id) ?? []), afterTaskId]);
  const ids = found.map(({ id }) => id);
  const circle = findCircle(taskId, waits.set(taskId, ids));
  if (circle)
    throw new InvalidInputError('after', `would make the task wait for itself: ${circle.join(' after ')}`);

  await transaction.taskDependency.deleteMany({ where: { taskId, afterTaskId: { notIn: ids } } });
  await transaction.taskDependency.createMany({
    data: ids.map((afterTaskId) => ({ taskId, afterTaskId, workspaceId })),
    skipDuplicates: true,
  });
}
