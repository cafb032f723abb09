import { Button } from 'react-aria-components/Button';
import { Check, Choice } from '../../components/field.tsx';
import { InputField, NumberField } from '../../components/input-field.tsx';
import type { Preference } from '../../data/availability.ts';
import type { TypedGroup, TypedQuestion } from './typed-question.ts';

const PREFERENCES = [
  ['earliest', 'the earliest'],
  ['latest', 'the latest'],
  ['fewestMoves', 'the fewest moved blocks'],
  ['mostPeople', 'the most people'],
  ['middleOfHours', 'the middle of the hours'],
] as const;
const GRANULARITIES = [
  ['5', '5 minutes'],
  ['10', '10 minutes'],
  ['15', '15 minutes'],
  ['30', '30 minutes'],
  ['60', '1 hour'],
] as const;
const DAY_MINUTES = 1_440;
const STEP_MINUTES = 5;
const MOST_BUFFER_MINUTES = 240;
const MOST_SLOTS = 200;
const MOST_GROUPS = 10;

interface SlotFieldsProps {
  typed: TypedQuestion;
  change: (changes: Partial<TypedQuestion>) => void;
}

/** How long a meeting lasts, who has to come, and which start is best. */
export function SlotFields({ typed, change }: SlotFieldsProps) {
  return (
    <>
      <div className="form">
        <NumberField
          label="Lasts, minutes"
          required
          min={STEP_MINUTES}
          max={DAY_MINUTES}
          value={typed.durationMinutes}
          onChange={(durationMinutes) => change({ durationMinutes })}
        />
        <Choice
          label="Starts on a grid of"
          value={String(typed.granularityMinutes) as (typeof GRANULARITIES)[number][0]}
          options={GRANULARITIES}
          onChange={(minutes) =>
            change({ granularityMinutes: Number(minutes) as TypedQuestion['granularityMinutes'] })
          }
        />
        <NumberField
          label="Free before, minutes"
          min={0}
          max={MOST_BUFFER_MINUTES}
          placeholder="0"
          value={typed.bufferBeforeMinutes}
          onChange={(bufferBeforeMinutes) => change({ bufferBeforeMinutes })}
        />
        <NumberField
          label="Free after, minutes"
          min={0}
          max={MOST_BUFFER_MINUTES}
          placeholder="0"
          value={typed.bufferAfterMinutes}
          onChange={(bufferAfterMinutes) => change({ bufferAfterMinutes })}
        />
        <NumberField
          label="Slots at most"
          required
          min={1}
          max={MOST_SLOTS}
          value={typed.most}
          onChange={(most) => change({ most })}
        />
        <Preferences prefer={typed.prefer} setPrefer={(prefer) => change({ prefer })} />
        <Check
          label="Only in everyone’s hours of work"
          isChecked={typed.onlyInHours}
          onChange={(onlyInHours) => change({ onlyInHours })}
        />
        <Check
          label="Slots may overlap each other"
          isChecked={typed.overlapping}
          onChange={(overlapping) => change({ overlapping })}
        />
      </div>
      <Groups groups={typed.groups} setGroups={(groups) => change({ groups })} />
    </>
  );
}

interface PreferencesProps {
  prefer: readonly Preference[];
  setPrefer: (prefer: Preference[]) => void;
}

/** One choice for each preference, and one more to add another. */
function Preferences({ prefer, setPrefer }: PreferencesProps) {
  return [...prefer, ''].slice(0, PREFERENCES.length).map((chosen, place) => {
    const earlier = prefer.slice(0, place);
    const left = PREFERENCES.filter(([one]) => one === chosen || !prefer.includes(one));
    return (
      <Choice<Preference | ''>
        // The place is what a choice is.
        // oxlint-disable-next-line react/no-array-index-key
        key={place}
        label={place === 0 ? 'Prefer' : 'then'}
        value={chosen as Preference | ''}
        options={place === 0 ? left : [['', 'nothing else'], ...left]}
        onChange={(next) => setPrefer(next === '' ? earlier : [...earlier, next, ...prefer.slice(place + 1)])}
      />
    );
  });
}

interface GroupsProps {
  groups: readonly TypedGroup[];
  setGroups: (groups: TypedGroup[]) => void;
}

/** Groups of whom enough have to come. Without one, everyone has to. */
function Groups({ groups, setGroups }: GroupsProps) {
  const put = (at: number, changes: Partial<TypedGroup>) =>
    setGroups(groups.map((group, index) => (index === at ? { ...group, ...changes } : group)));
  return (
    <>
      {groups.map((group, index) => (
        // Workspaces change while they are typed, and places do not.
        // oxlint-disable-next-line react/no-array-index-key
        <fieldset key={index} className="form item">
          <legend>{`group ${index + 1}`}</legend>
          <InputField
            label="Workspaces of the group"
            isWide
            required
            placeholder="ada, grace"
            value={group.workspaces}
            onChange={(workspaces) => put(index, { workspaces })}
          />
          <NumberField
            label="At least"
            min={1}
            placeholder="all"
            value={group.atLeast}
            onChange={(atLeast) => put(index, { atLeast })}
          />
          <Button
            className="button button-quiet"
            aria-label={`Remove group ${index + 1}`}
            onPress={() => setGroups(groups.filter((_, place) => place !== index))}
          >
            Remove
          </Button>
        </fieldset>
      ))}
      {groups.length < MOST_GROUPS && (
        <div className="form">
          <Button
            className="button"
            onPress={() => setGroups([...groups, { workspaces: '', atLeast: undefined }])}
          >
            Add a group
          </Button>
          <span className="quiet">
            {groups.length === 0
              ? 'Without groups, everyone has to come.'
              : 'All groups have to be satisfied.'}
          </span>
        </div>
      )}
    </>
  );
}
