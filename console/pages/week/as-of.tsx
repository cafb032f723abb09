import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { sayCount } from '../../components/count.ts';
import { Loaded } from '../../components/states.tsx';
import { type Moment, momentsQuery } from '../../data/week-queries.ts';

interface AsOfProps {
  workspaceId: string;
  timeZone: string;
  /** Null: the present. */
  asOf: string | null;
  setAsOf: (asOf: string | null) => void;
}

/** Shows the mirror as it was after one of its changes: the change log is read back to there. */
export function AsOf({ workspaceId, ...rest }: AsOfProps) {
  const moments = useInfiniteQuery(momentsQuery(workspaceId));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = moments;
  const isFull = !hasNextPage && moments.data?.pages.at(-1)?.cursor !== undefined;
  return (
    <div className="filters">
      <Loaded query={moments} rows={1}>
        {({ pages }) => (
          <>
            <Slider moments={pages.flatMap(({ rows }) => rows)} {...rest} />
            {hasNextPage && (
              <Button className="button" isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                Earlier changes
              </Button>
            )}
            {isFull && <span className="quiet">Ask the API with asOf for what is earlier.</span>}
          </>
        )}
      </Loaded>
    </div>
  );
}

interface SliderProps extends Omit<AsOfProps, 'workspaceId'> {
  /** Newest first. */
  moments: Moment[];
}

/** One step for each moment at which something has changed; the present is at the right. */
function Slider({ moments, timeZone, asOf, setAsOf }: SliderProps) {
  if (moments.length === 0)
    return <span className="quiet">Nothing has changed yet: there is no past to look at.</span>;
  // Further moments may have come since one was chosen.
  const position = asOf === null ? 0 : moments.findIndex(({ at }) => at === asOf) + 1;
  const words = sayMoment(moments[position - 1], timeZone);
  return (
    <>
      <label htmlFor="as-of">As it was</label>
      <input
        id="as-of"
        className="as-of"
        type="range"
        dir="rtl"
        min={0}
        max={moments.length}
        value={position}
        aria-valuetext={words}
        onChange={(event) => setAsOf(moments[Number(event.target.value) - 1]?.at ?? null)}
      />
      <output htmlFor="as-of">{words}</output>
    </>
  );
}

/** `4 Dec 2026, 09:30:12, after 3 changes`. */
function sayMoment(moment: Moment | undefined, timeZone: string): string {
  if (moment === undefined) return 'now';
  const at = new Date(moment.at).toLocaleString('en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return `${at}, after ${sayCount(moment.changes, 'change')}`;
}
