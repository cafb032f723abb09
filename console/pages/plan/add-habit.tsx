import { useQuery } from '@tanstack/react-query';
import { HabitFields } from '../../components/work-fields.tsx';
import { api, unwrap } from '../../data/client.ts';
import { hoursOf, of } from '../../data/planning.ts';
import type { NewHabit, TypedHabit } from '../../data/work.ts';
import { AddWork } from './add-work.tsx';

const EMPTY: TypedHabit = { title: '', durationMinutes: 30, rrule: 'FREQ=DAILY', hours: 'personal' };

export function AddHabit({ workspaceId }: { workspaceId: string }) {
  const { data: hours = {} } = useQuery(hoursOf(workspaceId));
  return (
    <AddWork
      workspaceId={workspaceId}
      label="New habit"
      empty={EMPTY}
      add={(habit) =>
        unwrap(
          api.POST('/api/v1/workspaces/{workspaceId}/habits', {
            ...of(workspaceId),
            body: habit as NewHabit,
          }),
        )
      }
      remove={(habitId) =>
        unwrap(
          api.DELETE('/api/v1/workspaces/{workspaceId}/habits/{habitId}', {
            params: { path: { workspaceId, habitId } },
          }),
        )
      }
    >
      {(habit, change) => <HabitFields fields={habit} change={change} hoursTypes={Object.keys(hours)} />}
    </AddWork>
  );
}
