import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice, Field } from '../../components/field.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { of, planningKey } from '../../data/planning.ts';

const PRIORITIES = [
  ['critical', 'critical'],
  ['high', 'high'],
  ['normal', 'normal'],
  ['low', 'low'],
] as const;
type Priority = (typeof PRIORITIES)[number][0];

const EMPTY = { title: '', minutes: '60', priority: 'normal' as Priority, deadline: '', splittable: false };

export function AddTask({ workspaceId }: { workspaceId: string }) {
  const [task, setTask] = useState(EMPTY);
  const add = useAction({
    run: () =>
      unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/tasks', {
          ...of(workspaceId),
          body: {
            title: task.title,
            durationMinutes: Number(task.minutes),
            priority: task.priority,
            splittable: task.splittable,
            ...(task.deadline !== '' && { deadline: task.deadline }),
          },
        }),
      ),
    said: ({ title }) => `“${title}” is added. The next plan places it.`,
    undo:
      ({ id }) =>
      () =>
        unwrap(
          api.DELETE('/api/v1/workspaces/{workspaceId}/tasks/{taskId}', {
            params: { path: { workspaceId, taskId: id } },
          }),
        ),
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setTask(EMPTY) });
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field label="New task" isWide>
        <input
          type="text"
          required
          value={task.title}
          onChange={(event) => setTask({ ...task, title: event.target.value })}
        />
      </Field>
      <Field label="Minutes">
        <input
          type="number"
          required
          min={5}
          step={5}
          value={task.minutes}
          onChange={(event) => setTask({ ...task, minutes: event.target.value })}
        />
      </Field>
      <Choice
        label="Priority"
        value={task.priority}
        options={PRIORITIES}
        onChange={(priority) => setTask({ ...task, priority })}
      />
      <Field label="Deadline">
        <input
          type="date"
          value={task.deadline}
          onChange={(event) => setTask({ ...task, deadline: event.target.value })}
        />
      </Field>
      <Check
        label="May be split"
        isChecked={task.splittable}
        onChange={(splittable) => setTask({ ...task, splittable })}
      />
      <Button type="submit" className="button button-primary" isDisabled={add.isPending}>
        Add
      </Button>
    </form>
  );
}
