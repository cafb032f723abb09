import './embed.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Empty, Failed, Loading } from '../../components/states.tsx';
import { embeddedEventsQuery } from '../../data/embed.ts';
import type { Answer } from '../../data/types.ts';
import type { Range } from '../../data/week-queries.ts';
import type { Entry } from '../week/entries.ts';

const WeekCalendar = lazy(() => import('../week/week-calendar.tsx'));

type Embedded = Answer<'/api/v1/embed/events'>['events'][number];

/** A week that reaches over any week of any time zone: the link's zone is known with the first answer. */
function thisWeek(): Range {
  const start = new Date();
  start.setUTCHours(0, 0, 0, 0);
  start.setUTCDate(start.getUTCDate() - ((start.getUTCDay() + 6) % 7));
  const end = new Date(start);
  end.setUTCDate(end.getUTCDate() + 7);
  return { from: start.toISOString(), to: end.toISOString() };
}

/** A week that can be looked at in a frame of another site, by the token in the address's fragment. */
export function EmbedPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const [range, setRange] = useState<Range>(thisWeek);
  const embedded = useQuery(embeddedEventsQuery(token, range));
  useEffect(() => {
    document.title = 'Calendar';
  }, []);
  const { data, error } = embedded;
  return (
    <main className="embed">
      <h1 className="visually-hidden">Calendar</h1>
      {token === '' && <Empty title="This link is incomplete">Its address ends with a secret after #.</Empty>}
      {error !== null && <Failed error={error} retry={embedded.refetch} />}
      {data?.isCut && <p className="stale">More events than can be shown: only the first are.</p>}
      {data === undefined ? (
        token !== '' && error === null && <Loading rows={12} />
      ) : (
        <div className="week-calendar">
          <Suspense fallback={<Loading rows={12} />}>
            <WeekCalendar
              entries={data.events.map(toEntry)}
              free={[]}
              calendarIds={[...new Set(data.events.map(({ calendarId }) => calendarId))].toSorted()}
              timeZone={data.timeZone}
              onRange={setRange}
              onChoose={() => {}}
            />
          </Suspense>
        </div>
      )}
    </main>
  );
}

function toEntry({ id, calendarId, title, start, end, allDay, status, busy }: Embedded): Entry {
  const tentative = status === 'tentative';
  return {
    id,
    calendarId,
    title: title ?? 'busy',
    start,
    end,
    allDay,
    busy,
    tentative,
    block: null,
    why: null,
  };
}
