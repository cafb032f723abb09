import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice } from '../../components/field.tsx';
import { InputField, NumberField } from '../../components/input-field.tsx';
import { Section } from '../../components/page.tsx';
import { SlotFields } from './slot-fields.tsx';
import type { TypedQuestion } from './typed-question.ts';
import { WindowFields } from './window-fields.tsx';

const MOVABLE = [
  ['ask', 'free, and named'],
  ['free', 'free'],
  ['busy', 'busy'],
] as const;

interface AvailabilityFormProps {
  first: TypedQuestion;
  ask: (question: TypedQuestion) => void;
}

/** Everything that the API can be asked. */
export function AvailabilityForm({ first, ask }: AvailabilityFormProps) {
  const [typed, setTyped] = useState(first);
  const zones = [...new Set([first.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  function change(changes: Partial<TypedQuestion>) {
    setTyped({ ...typed, ...changes });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    ask(typed);
  }
  return (
    <form onSubmit={submit}>
      <Section
        title="Who, when, and for how long"
        actions={
          <Button type="submit" className="button button-primary">
            Ask
          </Button>
        }
      >
        <div className="form">
          <InputField
            label="Workspaces"
            isWide
            required
            placeholder="ada, grace"
            value={typed.workspaces}
            onChange={(workspaces) => change({ workspaces })}
          />
          <Choice
            label="Zone of the days"
            value={typed.timeZone}
            options={zones.map((zone) => [zone, zone] as const)}
            onChange={(timeZone) => change({ timeZone })}
          />
          <Choice
            label="Blocks that may move are"
            value={typed.movable}
            options={MOVABLE}
            onChange={(movable) => change({ movable })}
          />
          <NumberField
            label="Sync what is older than, minutes"
            min={1}
            placeholder="any age"
            value={typed.maxAgeMinutes}
            onChange={(maxAgeMinutes) => change({ maxAgeMinutes })}
          />
        </div>
        <WindowFields windows={typed.windows} setWindows={(windows) => change({ windows })} />
        <div className="form">
          <Check
            label="Find when they can meet"
            isChecked={typed.findsSlots}
            onChange={(findsSlots) => change({ findsSlots })}
          />
        </div>
        {typed.findsSlots && <SlotFields typed={typed} change={change} />}
      </Section>
    </form>
  );
}
