import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Field } from '../../components/field.tsx';
import { InputField } from '../../components/input-field.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { hoursOf, of, planningKey } from '../../data/planning.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const WORKING_DAYS = DAYS.slice(0, 5);
type Day = (typeof DAYS)[number];
/** Spans of local time by day, as they are typed: `09:00-12:00, 13:00-17:00`. */
type Week = Record<Day, string>;

const sayDay = (day: Day): string => day.charAt(0).toUpperCase() + day.slice(1);

function toWeek(hours: Record<string, string[][]>): Week {
  const said = (day: Day) => (hours[day] ?? []).map((span) => span.join('-')).join(', ');
  return Object.fromEntries(DAYS.map((day) => [day, said(day)])) as Week;
}

const toBlocks = (typed: string): string[] =>
  typed
    .split(',')
    .map((span) => span.trim().replace('–', '-'))
    .filter((span) => span !== '');

/** When work of each type may be placed, in the workspace's zone. */
export function HoursSection({ workspaceId }: { workspaceId: string }) {
  const hours = useQuery(hoursOf(workspaceId));
  return (
    <Loaded query={hours}>
      {(types) => (
        <>
          {Object.entries(types).map(([type, week]) => (
            <WeekForm
              // Saved hours, also those saved elsewhere, begin the form anew.
              key={`${type} ${JSON.stringify(week)}`}
              type={type}
              saved={toWeek(week)}
              workspaceId={workspaceId}
            />
          ))}
          <NewHours workspaceId={workspaceId} types={Object.keys(types)} />
        </>
      )}
    </Loaded>
  );
}

interface NewHoursProps {
  workspaceId: string;
  types: string[];
}

/** Hours of another type, which tasks and habits can name. */
function NewHours({ workspaceId, types }: NewHoursProps) {
  const [type, setType] = useState('');
  const [blocks, setBlocks] = useState('09:00-17:00');
  const add = useAction({
    run: () =>
      unwrap(
        api.PUT('/api/v1/workspaces/{workspaceId}/hours', {
          ...of(workspaceId),
          body: { type, days: [...WORKING_DAYS], blocks: toBlocks(blocks) },
        }),
      ),
    said: () => `Hours of type ${type} are there, Monday to Friday.`,
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setType('') });
  }
  return (
    <form onSubmit={submit}>
      <Section title="Hours of another type">
        <div className="form">
          <InputField
            label="Type of hours"
            required
            pattern="[A-Za-z0-9_\-]{1,64}"
            title="1 to 64 letters, digits, hyphens or underscores"
            placeholder="deep-work"
            value={type}
            onChange={setType}
          />
          <InputField label="Monday to Friday" required value={blocks} onChange={setBlocks} />
          <Button type="submit" className="button" isDisabled={add.isPending || types.includes(type)}>
            Add hours
          </Button>
        </div>
      </Section>
    </form>
  );
}

interface WeekFormProps {
  type: string;
  saved: Week;
  workspaceId: string;
}

function WeekForm({ type, saved, workspaceId }: WeekFormProps) {
  const [week, setWeek] = useState(saved);
  const changed = DAYS.filter((day) => week[day] !== saved[day]);

  /** One request for all days that get the same hours. */
  async function put(target: Week) {
    for (const typed of new Set(changed.map((day) => target[day])))
      await unwrap(
        api.PUT('/api/v1/workspaces/{workspaceId}/hours', {
          ...of(workspaceId),
          body: { type, days: changed.filter((day) => target[day] === typed), blocks: toBlocks(typed) },
        }),
      );
  }
  const save = useAction({
    run: () => put(week),
    said: () => `Hours of type ${type} are saved. The next plan keeps to them.`,
    undo: () => () => put(saved),
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Section
        title={`Hours: ${type}`}
        actions={
          <Button type="submit" className="button" isDisabled={changed.length === 0 || save.isPending}>
            Save
          </Button>
        }
      >
        <div className="hours">
          {DAYS.map((day) => (
            <Field key={day} label={sayDay(day)}>
              <input
                type="text"
                placeholder="closed"
                value={week[day]}
                onChange={(event) => setWeek({ ...week, [day]: event.target.value })}
              />
            </Field>
          ))}
        </div>
      </Section>
    </form>
  );
}
