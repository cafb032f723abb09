import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice, Field } from '../../components/field.tsx';
import { Section } from '../../components/page.tsx';
import type { AvailabilityQuestion } from '../../data/availability.ts';

const DURATIONS = [
  ['15', '15 minutes'],
  ['30', '30 minutes'],
  ['45', '45 minutes'],
  ['60', '1 hour'],
  ['90', '1 h 30 min'],
  ['120', '2 hours'],
] as const;
const PREFERENCES = [
  ['earliest', 'the earliest'],
  ['latest', 'the latest'],
  ['fewestMoves', 'the fewest moved blocks'],
  ['mostPeople', 'the most people'],
  ['middleOfHours', 'the middle of the hours'],
] as const;

interface AvailabilityFormProps {
  question: AvailabilityQuestion;
  ask: (question: AvailabilityQuestion) => void;
}

/** What changes is asked at once; workspaces when they are typed in full. */
export function AvailabilityForm({ question, ask }: AvailabilityFormProps) {
  const [typed, setTyped] = useState(question.workspaceIds.join(', '));
  function submit(event: FormEvent) {
    event.preventDefault();
    const named = typed.split(/[\s,]+/).filter((id) => id !== '');
    ask({ ...question, workspaceIds: [...new Set(named)] });
  }
  return (
    <Section title="Who, when, and for how long">
      <form className="form" onSubmit={submit}>
        <Field label="Workspaces" isWide>
          <input
            type="text"
            required
            placeholder="ada, grace"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
        <Button type="submit" className="button button-primary">
          Ask
        </Button>
        <Field label="From">
          <input
            type="date"
            required
            value={question.from}
            onChange={(event) => event.target.value && ask({ ...question, from: event.target.value })}
          />
        </Field>
        <Field label="To, exclusive">
          <input
            type="date"
            required
            value={question.to}
            onChange={(event) => event.target.value && ask({ ...question, to: event.target.value })}
          />
        </Field>
        <Choice
          label="Lasts"
          value={String(question.durationMinutes) as (typeof DURATIONS)[number][0]}
          options={DURATIONS}
          onChange={(minutes) => ask({ ...question, durationMinutes: Number(minutes) })}
        />
        <Choice
          label="Prefer"
          value={question.prefer}
          options={PREFERENCES}
          onChange={(prefer) => ask({ ...question, prefer })}
        />
        <Check
          label="Only in everyone’s hours of work"
          isChecked={question.onlyInHours}
          onChange={(onlyInHours) => ask({ ...question, onlyInHours })}
        />
      </form>
    </Section>
  );
}
