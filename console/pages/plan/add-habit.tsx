import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Choice, Field } from '../../components/field.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { of, planningKey } from '../../data/planning.ts';

const RULES = [
  ['FREQ=DAILY', 'every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Monday to Friday'],
  ['FREQ=WEEKLY;BYDAY=MO,WE,FR', 'Monday, Wednesday, Friday'],
  ['FREQ=WEEKLY;BYDAY=TU,TH', 'Tuesday, Thursday'],
  ['FREQ=WEEKLY;BYDAY=SA', 'Saturday'],
] as const;
const HOURS = [
  ['personal', 'personal'],
  ['work', 'work'],
] as const;

const EMPTY = {
  title: '',
  minutes: '30',
  rrule: RULES[0][0] as (typeof RULES)[number][0],
  hours: 'personal' as (typeof HOURS)[number][0],
  idealTime: '',
};

export function AddHabit({ workspaceId }: { workspaceId: string }) {
  const [habit, setHabit] = useState(EMPTY);
  const add = useAction({
    run: () =>
      unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/habits', {
          ...of(workspaceId),
          body: {
            title: habit.title,
            durationMinutes: Number(habit.minutes),
            rrule: habit.rrule,
            hours: habit.hours,
            ...(habit.idealTime !== '' && { idealTime: habit.idealTime }),
          },
        }),
      ),
    said: ({ title }) => `“${title}” is added. The next plan places it.`,
    undo:
      ({ id }) =>
      () =>
        unwrap(
          api.DELETE('/api/v1/workspaces/{workspaceId}/habits/{habitId}', {
            params: { path: { workspaceId, habitId: id } },
          }),
        ),
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setHabit(EMPTY) });
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field label="New habit" isWide>
        <input
          type="text"
          required
          value={habit.title}
          onChange={(event) => setHabit({ ...habit, title: event.target.value })}
        />
      </Field>
      <Field label="Minutes">
        <input
          type="number"
          required
          min={5}
          step={5}
          value={habit.minutes}
          onChange={(event) => setHabit({ ...habit, minutes: event.target.value })}
        />
      </Field>
      <Choice
        label="On"
        value={habit.rrule}
        options={RULES}
        onChange={(rrule) => setHabit({ ...habit, rrule })}
      />
      <Choice
        label="Hours"
        value={habit.hours}
        options={HOURS}
        onChange={(hours) => setHabit({ ...habit, hours })}
      />
      <Field label="Ideal time">
        <input
          type="time"
          value={habit.idealTime}
          onChange={(event) => setHabit({ ...habit, idealTime: event.target.value })}
        />
      </Field>
      <Button type="submit" className="button button-primary" isDisabled={add.isPending}>
        Add
      </Button>
    </form>
  );
}
