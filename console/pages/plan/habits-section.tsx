import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { sayMinutes } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import { useNow } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { type Habit, planningKey } from '../../data/planning.ts';
import { AddHabit } from './add-habit.tsx';

/** A date as the API writes it. */
const isoDate = new Intl.DateTimeFormat('en-CA');

const COLUMNS: Column<Habit>[] = [
  { title: 'Habit', width: 'minmax(8rem, 2fr)', cell: ({ title }) => <span title={title}>{title}</span> },
  {
    title: 'Rule',
    width: 'minmax(8rem, 2fr)',
    minor: true,
    cell: ({ rrule }) => <code title={rrule}>{rrule}</code>,
  },
  { title: 'Lasts', width: '6rem', cell: ({ durationMinutes }) => sayMinutes(durationMinutes) },
  {
    title: 'Preferred',
    width: '7rem',
    minor: true,
    cell: ({ idealTime, preference }) => idealTime ?? preference ?? '—',
  },
  { title: 'Hours', width: '6rem', minor: true, cell: ({ hours }) => hours },
];

/** Habits, which have at most one block a day. */
export function HabitsSection({ workspaceId, habits }: { workspaceId: string; habits: readonly Habit[] }) {
  const actions: Column<Habit> = {
    title: 'Actions',
    below: 'bare',
    width: '12rem',
    align: 'end',
    cell: (habit) => <HabitActions habit={habit} workspaceId={workspaceId} />,
  };
  return (
    <Section title="Habits">
      <AddHabit workspaceId={workspaceId} />
      <DataTable
        label="Habits"
        columns={[...COLUMNS, actions]}
        rows={habits}
        rowKey={({ id }) => id}
        empty="There is no habit yet"
      />
    </Section>
  );
}

function HabitActions({ habit, workspaceId }: { habit: Habit; workspaceId: string }) {
  const day = isoDate.format(useNow());
  const params = { path: { workspaceId, habitId: habit.id } };
  const changes = [planningKey(workspaceId)];
  const onDay = { params: { path: { ...params.path, day } } };
  const skip = () => unwrap(api.PUT('/api/v1/workspaces/{workspaceId}/habits/{habitId}/skips/{day}', onDay));
  const take = () =>
    unwrap(api.DELETE('/api/v1/workspaces/{workspaceId}/habits/{habitId}/skips/{day}', onDay));
  const isSkipped = habit.skippedDates.includes(day);
  const toggle = useAction({
    run: isSkipped ? take : skip,
    said: () => `“${habit.title}” is ${isSkipped ? 'no longer skipped' : 'skipped'} today.`,
    undo: () => (isSkipped ? skip : take),
    changes,
  });
  const remove = useAction({
    run: () => unwrap(api.DELETE('/api/v1/workspaces/{workspaceId}/habits/{habitId}', { params })),
    said: () => `“${habit.title}” is deleted. The next plan removes its future blocks.`,
    changes,
  });
  return (
    <span className="row-actions">
      <Button className="button" isDisabled={toggle.isPending} onPress={() => toggle.mutate()}>
        {isSkipped ? 'Do today' : 'Skip today'}
      </Button>
      <Confirm
        title="Delete this habit?"
        body={`“${habit.title}” cannot be brought back.`}
        confirm="Delete"
        onConfirm={() => remove.mutate()}
      >
        <Button className="button button-quiet" aria-label={`Delete ${habit.title}`}>
          Delete
        </Button>
      </Confirm>
    </span>
  );
}
