import type { Database } from '../../prisma/client.ts';
import type { Plan } from '../../scheduling/index.ts';

/** Titles of the tasks and habits that blocks are for and that their reasons name, by ID. */
export async function readTitles(
  database: Database,
  explained: readonly Pick<Plan['blocks'][number] | Plan['unscheduled'][number], 'refId' | 'reason'>[],
): Promise<Map<string, string>> {
  const ids = [
    ...new Set(
      explained.flatMap(({ refId, reason }) => ('refId' in reason ? [refId, reason.refId] : [refId])),
    ),
  ];
  const select = { id: true, title: true } as const;
  const [tasks, habits] = await Promise.all([
    database.task.findMany({ where: { id: { in: ids } }, select }),
    database.habit.findMany({ where: { id: { in: ids } }, select }),
  ]);
  return new Map([...tasks, ...habits].map(({ id, title }) => [id, title]));
}
