import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { sayCount } from '../../components/count.ts';
import { Page } from '../../components/page.tsx';
import { Failed, Loaded, Loading } from '../../components/states.tsx';
import { calendarsQuery, workspaceQuery } from '../../data/queries.ts';
import { occurrencesQuery, plannedQuery, type Range, slotsQuery } from '../../data/week-queries.ts';
import type { Answer } from '../../data/types.ts';
import { AsOf } from './as-of.tsx';
import { Details } from './details.tsx';
import { Differences } from './differences.tsx';
import { mergeEntries, type Entry } from './entries.ts';
import { NotPlaced } from './not-placed.tsx';
import { WeekFilters } from './week-filters.tsx';

const WeekCalendar = lazy(() => import('./week-calendar.tsx'));

type Calendars = Answer<'/api/v1/workspaces/{workspaceId}/calendars'>;

/** What a workspace's calendars hold, what was planned into them and why, and what is free. */
export function WeekPage() {
  const { workspaceId } = useParams({ from: '/signed-in/workspaces/$workspaceId' });
  const workspace = useQuery(workspaceQuery(workspaceId));
  const calendars = useQuery(calendarsQuery(workspaceId));
  return (
    <Page title="Week" lead={workspace.data?.name ?? workspaceId}>
      <Loaded query={workspace}>
        {({ timeZone }) => (
          <Loaded query={calendars}>
            {(rows) => (
              <Week key={workspaceId} workspaceId={workspaceId} ownTimeZone={timeZone} calendars={rows} />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

interface WeekProps {
  workspaceId: string;
  ownTimeZone: string;
  calendars: Calendars;
}

function Week({ workspaceId, ownTimeZone, calendars }: WeekProps) {
  const [range, setRange] = useState<Range | null>(null);
  const [timeZone, setTimeZone] = useState(ownTimeZone);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [showsFree, setShowsFree] = useState(true);
  const [asOf, setAsOf] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);

  const asked = range ?? { from: '', to: '' };
  const isNow = asOf === null;
  const occurrences = useQuery({ ...occurrencesQuery(workspaceId, asked, asOf), enabled: range !== null });
  const planned = useQuery(plannedQuery(workspaceId));
  const slots = useQuery({
    ...slotsQuery(workspaceId, asked),
    enabled: range !== null && showsFree && isNow,
  });

  const entries = useMemo(
    () =>
      mergeEntries(occurrences.data?.events ?? [], isNow ? planned.data : undefined).filter(
        ({ calendarId }) => calendarId === null || !hidden.has(calendarId),
      ),
    [occurrences.data, planned.data, hidden, isNow],
  );
  const entry: Entry | undefined = entries.find(({ id }) => id === chosen);
  const nameOf = new Map(calendars.map(({ id, summary }) => [id, summary]));
  return (
    <>
      <WeekFilters
        calendars={calendars}
        hidden={hidden}
        setHidden={setHidden}
        timeZone={timeZone}
        ownTimeZone={ownTimeZone}
        setTimeZone={setTimeZone}
        showsFree={showsFree}
        setShowsFree={setShowsFree}
      />
      <AsOf workspaceId={workspaceId} timeZone={timeZone} asOf={asOf} setAsOf={setAsOf} />
      {occurrences.error && <Failed error={occurrences.error} retry={occurrences.refetch} />}
      {occurrences.data?.nextCursor !== undefined && (
        <p className="stale">Only the first {sayCount(occurrences.data.events.length, 'event')} are shown.</p>
      )}
      <div className="week">
        <div className="section week-calendar">
          <Suspense fallback={<Loading rows={12} />}>
            <WeekCalendar
              entries={entries}
              free={showsFree && isNow ? (slots.data?.slots ?? []) : []}
              calendarIds={calendars.map(({ id }) => id)}
              timeZone={timeZone}
              onRange={setRange}
              onChoose={setChosen}
            />
          </Suspense>
        </div>
        <aside className="week-side" aria-label="Details">
          {entry && (
            <Details entry={entry} calendar={nameOf.get(entry.calendarId ?? '')} timeZone={timeZone} />
          )}
          {occurrences.data?.past && <Differences past={occurrences.data.past} timeZone={timeZone} />}
          {isNow && planned.data?.plan && <NotPlaced plan={planned.data.plan} />}
        </aside>
      </div>
    </>
  );
}
