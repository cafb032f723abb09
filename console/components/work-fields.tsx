import type { TypedHabit, TypedTask } from '../data/work.ts';
import { Check, Choice } from './field.tsx';
import { InputField, NumberField } from './input-field.tsx';

const STEP_MINUTES = 5;
const PRIORITIES = [
  ['critical', 'critical'],
  ['high', 'high'],
  ['normal', 'normal'],
  ['low', 'low'],
] as const;
/** Types of hours that every workspace has. */
const HOURS = ['work', 'personal', 'meeting'];
const RULES = [
  ['FREQ=DAILY', 'every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Monday to Friday'],
  ['FREQ=WEEKLY;BYDAY=MO,WE,FR', 'Monday, Wednesday, Friday'],
  ['FREQ=WEEKLY;BYDAY=TU,TH', 'Tuesday, Thursday'],
  ['FREQ=WEEKLY;BYDAY=SA', 'Saturday'],
] as const;
const PREFERENCES = [
  ['', 'any time of day'],
  ['morning', 'morning'],
  ['afternoon', 'afternoon'],
  ['evening', 'evening'],
  ['night', 'night'],
] as const;

interface WorkFieldsProps<Fields> {
  fields: Fields;
  change: (changes: Partial<Fields>) => void;
  /** Further types of hours. */
  hoursTypes?: readonly string[];
}

type Shared = Pick<TypedTask, 'durationMinutes' | 'priority' | 'hours'>;

/** What tasks and habits have in common. */
function SharedFields({ fields, change, hoursTypes = [] }: WorkFieldsProps<Shared>) {
  const hours = fields.hours ?? 'work';
  const types = [...new Set([...HOURS, ...hoursTypes, hours])];
  return (
    <>
      <NumberField
        label="Minutes"
        required
        min={STEP_MINUTES}
        step={STEP_MINUTES}
        value={fields.durationMinutes}
        onChange={(durationMinutes) => change({ durationMinutes })}
      />
      <Choice
        label="Priority"
        value={fields.priority ?? 'normal'}
        options={PRIORITIES}
        onChange={(priority) => change({ priority })}
      />
      <Choice
        label="Hours"
        value={hours}
        options={types.map((type) => [type, type] as const)}
        onChange={(type) => change({ hours: type })}
      />
    </>
  );
}

export function TaskFields({ fields, change, ...rest }: WorkFieldsProps<TypedTask>) {
  return (
    <>
      <SharedFields fields={fields} change={change} {...rest} />
      <Check
        label="May be split"
        isChecked={fields.splittable ?? true}
        onChange={(splittable) => change({ splittable })}
      />
      {(fields.splittable ?? true) && (
        <>
          <NumberField
            label="Shortest block, minutes"
            placeholder="30"
            min={STEP_MINUTES}
            step={STEP_MINUTES}
            value={fields.minChunkMinutes}
            onChange={(minChunkMinutes) => change({ minChunkMinutes })}
          />
          <NumberField
            label="Longest block, minutes"
            placeholder="120"
            min={STEP_MINUTES}
            step={STEP_MINUTES}
            value={fields.maxChunkMinutes}
            onChange={(maxChunkMinutes) => change({ maxChunkMinutes })}
          />
        </>
      )}
    </>
  );
}

export function HabitFields({ fields, change, ...rest }: WorkFieldsProps<TypedHabit>) {
  const { rrule = '' } = fields;
  const isListed = RULES.some(([rule]) => rule === rrule);
  return (
    <>
      <SharedFields fields={fields} change={change} {...rest} />
      <NumberField
        label="At least, minutes"
        min={STEP_MINUTES}
        step={STEP_MINUTES}
        value={fields.minMinutes}
        onChange={(minMinutes) => change({ minMinutes })}
      />
      <Choice
        label="On"
        value={isListed ? rrule : ''}
        options={[...RULES, ['', 'by a rule']]}
        onChange={(rule) => change({ rrule: rule })}
      />
      {!isListed && (
        <InputField
          label="Recurrence rule"
          required
          placeholder="FREQ=WEEKLY;BYDAY=MO"
          value={rrule}
          onChange={(rule) => change({ rrule: rule })}
        />
      )}
      <InputField
        label="Ideal time"
        type="time"
        value={fields.idealTime ?? ''}
        onChange={(time) => change({ idealTime: time === '' ? undefined : time })}
      />
      <Choice
        label="Preferred"
        value={fields.preference ?? ''}
        options={PREFERENCES}
        onChange={(preference) => change({ preference: preference === '' ? undefined : preference })}
      />
    </>
  );
}
