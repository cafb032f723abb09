import type { Answer } from '../../data/types.ts';

type Calendars = Answer<'/api/v1/workspaces/{workspaceId}/calendars'>;

interface WeekFiltersProps {
  calendars: Calendars;
  hidden: ReadonlySet<string>;
  setHidden: (hidden: ReadonlySet<string>) => void;
  timeZone: string;
  ownTimeZone: string;
  setTimeZone: (timeZone: string) => void;
  showsFree: boolean;
  setShowsFree: (showsFree: boolean) => void;
}

/** Which calendars are shown, in which zone, and whether free time is marked. */
export function WeekFilters(props: WeekFiltersProps) {
  const { calendars, hidden, setHidden, timeZone, ownTimeZone, setTimeZone, showsFree, setShowsFree } = props;
  const readersZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const near = [...new Set([ownTimeZone, readersZone, 'UTC'])];
  function toggle(id: string) {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  }
  return (
    <div className="filters">
      <label>
        Zone{' '}
        <select value={timeZone} onChange={(event) => setTimeZone(event.target.value)}>
          <optgroup label="Near">
            {near.map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </optgroup>
          <optgroup label="All">
            {Intl.supportedValuesOf('timeZone')
              .filter((zone) => !near.includes(zone))
              .map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
          </optgroup>
        </select>
      </label>
      <fieldset className="checks">
        <legend className="visually-hidden">Calendars</legend>
        {calendars
          .filter(({ enabled }) => enabled)
          .map(({ id, summary }) => (
            <label key={id}>
              <input type="checkbox" checked={!hidden.has(id)} onChange={() => toggle(id)} /> {summary}
            </label>
          ))}
      </fieldset>
      <label className="checks">
        <input type="checkbox" checked={showsFree} onChange={(event) => setShowsFree(event.target.checked)} />{' '}
        Free time
      </label>
    </div>
  );
}
