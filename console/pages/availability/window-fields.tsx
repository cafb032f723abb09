import { Button } from 'react-aria-components/Button';
import { InputField } from '../../components/input-field.tsx';
import { nextDays, type TypedWindow } from './typed-question.ts';

const MOST_WINDOWS = 10;

interface WindowFieldsProps {
  windows: readonly TypedWindow[];
  setWindows: (windows: TypedWindow[]) => void;
}

/** Spans of days or hours that are looked at. */
export function WindowFields({ windows, setWindows }: WindowFieldsProps) {
  const put = (at: number, changes: Partial<TypedWindow>) =>
    setWindows(windows.map((one, index) => (index === at ? { ...one, ...changes } : one)));
  return (
    <>
      {windows.map((one, index) => (
        // Days change while they are typed, and places do not.
        // oxlint-disable-next-line react/no-array-index-key
        <fieldset key={index} className="form item">
          <legend>{`window ${index + 1}`}</legend>
          <InputField
            label="From"
            type="date"
            required
            value={one.from}
            onChange={(from) => put(index, { from })}
          />
          <InputField
            label="From time, your zone"
            type="time"
            value={one.fromTime}
            onChange={(fromTime) => put(index, { fromTime })}
          />
          <InputField
            label="To, exclusive"
            type="date"
            required
            value={one.to}
            onChange={(to) => put(index, { to })}
          />
          <InputField
            label="To time, your zone"
            type="time"
            value={one.toTime}
            onChange={(toTime) => put(index, { toTime })}
          />
          {windows.length > 1 && (
            <Button
              className="button button-quiet"
              aria-label={`Remove window ${index + 1}`}
              onPress={() => setWindows(windows.filter((_, place) => place !== index))}
            >
              Remove
            </Button>
          )}
        </fieldset>
      ))}
      {windows.length < MOST_WINDOWS && (
        <div className="form">
          <Button
            className="button"
            onPress={() =>
              setWindows([...windows, nextDays(Date.parse(windows.at(-1)?.to ?? '') || Date.now())])
            }
          >
            Add a window
          </Button>
        </div>
      )}
    </>
  );
}
