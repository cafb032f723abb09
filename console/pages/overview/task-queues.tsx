import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayDuration } from '../../components/time.tsx';
import { taskQueuesQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type TaskQueue = NonNullable<Answer<'/api/v1/task-queues'>['taskQueues']>[number];

const COLUMNS: Column<TaskQueue>[] = [
  { title: 'Task queue', width: 'minmax(8rem, 2fr)', cell: ({ taskQueue }) => taskQueue },
  { title: 'Tasks', width: '6rem', minor: true, cell: ({ type }) => type },
  { title: 'Waiting', width: '5rem', align: 'end', cell: ({ tasks }) => sayNumber(tasks) },
  {
    title: 'Oldest',
    width: '6rem',
    align: 'end',
    cell: ({ oldestSeconds }) => (oldestSeconds === 0 ? '—' : sayDuration(oldestSeconds * 1_000)),
  },
  {
    title: 'Added',
    width: '6rem',
    align: 'end',
    minor: true,
    cell: ({ addedPerSecond }) => `${addedPerSecond}/s`,
  },
  {
    title: 'Dispatched',
    width: '6rem',
    align: 'end',
    minor: true,
    cell: ({ dispatchedPerSecond }) => `${dispatchedPerSecond}/s`,
  },
  {
    title: 'Workers',
    width: '6rem',
    align: 'end',
    cell: ({ pollers }) => (pollers === 0 ? <Badge tone="bad">none</Badge> : sayNumber(pollers)),
  },
];

/** How long tasks wait for a worker. */
export function TaskQueues() {
  const queues = useQuery(taskQueuesQuery);
  return (
    <Section title="Task queues">
      <Loaded query={queues}>
        {({ taskQueues }) => (
          <DataTable
            label="Task queues"
            columns={COLUMNS}
            rows={taskQueues ?? []}
            rowKey={({ taskQueue, type }) => `${taskQueue} ${type}`}
            empty="Temporal does not answer, so it is unknown how long tasks wait"
          />
        )}
      </Loaded>
    </Section>
  );
}
