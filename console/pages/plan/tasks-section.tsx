import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { sayDay, sayMinutes } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { planningKey, type Task } from '../../data/planning.ts';
import { AddTask } from './add-task.tsx';

const COLUMNS: Column<Task>[] = [
  { title: 'Task', width: 'minmax(8rem, 3fr)', cell: ({ title }) => <span title={title}>{title}</span> },
  { title: 'Priority', width: '5rem', minor: true, cell: ({ priority }) => priority },
  {
    title: 'Done of',
    width: '9rem',
    minor: true,
    cell: ({ doneMinutes, durationMinutes }) =>
      `${sayMinutes(doneMinutes)} of ${sayMinutes(durationMinutes)}`,
  },
  { title: 'Deadline', width: '7rem', cell: ({ deadline }) => (deadline === null ? '—' : sayDay(deadline)) },
  {
    title: 'Status',
    width: '4.5rem',
    cell: ({ status }) => <Badge tone={status === 'done' ? 'good' : 'quiet'}>{status}</Badge>,
  },
];

/** Tasks, open ones first. Changes show in the next plan. */
export function TasksSection({ workspaceId, tasks }: { workspaceId: string; tasks: readonly Task[] }) {
  const actions: Column<Task> = {
    title: 'Actions',
    below: 'bare',
    width: '10rem',
    align: 'end',
    cell: (task) => <TaskActions task={task} workspaceId={workspaceId} />,
  };
  return (
    <Section title="Tasks">
      <AddTask workspaceId={workspaceId} />
      <DataTable
        label="Tasks"
        columns={[...COLUMNS, actions]}
        rows={tasks.toSorted((a, b) => b.status.localeCompare(a.status))}
        rowKey={({ id }) => id}
        empty="There is no task yet"
      />
    </Section>
  );
}

function TaskActions({ task, workspaceId }: { task: Task; workspaceId: string }) {
  const params = { path: { workspaceId, taskId: task.id } };
  const changes = [planningKey(workspaceId)];
  const setStatus = (status: Task['status']) =>
    unwrap(api.PUT('/api/v1/workspaces/{workspaceId}/tasks/{taskId}/status', { params, body: { status } }));
  const other = task.status === 'done' ? 'open' : 'done';
  const mark = useAction({
    run: () => setStatus(other),
    said: () => `“${task.title}” is ${other}.`,
    undo: () => () => setStatus(task.status),
    changes,
  });
  const remove = useAction({
    run: () => unwrap(api.DELETE('/api/v1/workspaces/{workspaceId}/tasks/{taskId}', { params })),
    said: () => `“${task.title}” is deleted. The next plan removes its future blocks.`,
    changes,
  });
  return (
    <span className="row-actions">
      <Button className="button" isDisabled={mark.isPending} onPress={() => mark.mutate()}>
        {task.status === 'done' ? 'Open again' : 'Done'}
      </Button>
      <Confirm
        title="Delete this task?"
        body={`“${task.title}” cannot be brought back.`}
        confirm="Delete"
        onConfirm={() => remove.mutate()}
      >
        <Button className="button button-quiet" aria-label={`Delete ${task.title}`}>
          Delete
        </Button>
      </Confirm>
    </span>
  );
}
