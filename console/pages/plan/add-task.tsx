import { useQuery } from '@tanstack/react-query';
import { InputField } from '../../components/input-field.tsx';
import { TaskFields } from '../../components/work-fields.tsx';
import { api, unwrap } from '../../data/client.ts';
import { hoursOf, of } from '../../data/planning.ts';
import type { NewTask, TypedTask } from '../../data/work.ts';
import { AddWork } from './add-work.tsx';

type Work = TypedTask & { earliestStart?: string | undefined; deadline?: string | undefined };

const EMPTY: Work = { title: '', durationMinutes: 60, splittable: false };

/** A date, or undefined where the field is empty. */
const dateOf = (typed: string) => (typed === '' ? undefined : typed);

export function AddTask({ workspaceId }: { workspaceId: string }) {
  const { data: hours = {} } = useQuery(hoursOf(workspaceId));
  return (
    <AddWork<Work>
      workspaceId={workspaceId}
      label="New task"
      empty={EMPTY}
      add={(task) =>
        unwrap(
          api.POST('/api/v1/workspaces/{workspaceId}/tasks', { ...of(workspaceId), body: task as NewTask }),
        )
      }
      remove={(taskId) =>
        unwrap(
          api.DELETE('/api/v1/workspaces/{workspaceId}/tasks/{taskId}', {
            params: { path: { workspaceId, taskId } },
          }),
        )
      }
    >
      {(task, change) => (
        <>
          <TaskFields fields={task} change={change} hoursTypes={Object.keys(hours)} />
          <InputField
            label="Not before"
            type="date"
            value={task.earliestStart ?? ''}
            onChange={(date) => change({ earliestStart: dateOf(date) })}
          />
          <InputField
            label="Deadline"
            type="date"
            value={task.deadline ?? ''}
            onChange={(date) => change({ deadline: dateOf(date) })}
          />
        </>
      )}
    </AddWork>
  );
}
