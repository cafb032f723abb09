import './availability.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { sayCount } from '../../components/count.ts';
import { Page, Section } from '../../components/page.tsx';
import { Empty, Failed, Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { type AvailabilityQuestion, type Availability, availabilityOf } from '../../data/availability.ts';
import { AvailabilityForm } from './availability-form.tsx';
import { DayLanes } from './day-lanes.tsx';
import { Slots } from './slots.tsx';

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 5;
const DEFAULT_MINUTES = 30;

/** A date as the API writes it, in the reader's zone. */
const isoDate = new Intl.DateTimeFormat('en-CA');

function firstQuestion(workspaceId: string | undefined): AvailabilityQuestion {
  const now = Date.now();
  return {
    workspaceIds: workspaceId === undefined ? [] : [workspaceId],
    from: isoDate.format(now),
    to: isoDate.format(now + DAYS_AHEAD * DAY_MS),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    durationMinutes: DEFAULT_MINUTES,
    prefer: 'earliest',
    onlyInHours: true,
  };
}

/** When several people are busy, and when they can meet. */
export function AvailabilityPage() {
  const { workspaceId } = useParams({ strict: false });
  const [question, setQuestion] = useState(() => firstQuestion(workspaceId));
  const availability = useQuery(availabilityOf(question));
  return (
    <Page title="Availability" lead="A workspace stands for one person; times are in your zone">
      <AvailabilityForm question={question} ask={setQuestion} />
      {question.workspaceIds.length === 0 ? (
        <div className="section">
          <Empty title="Whose time?">Name the workspaces that are to meet.</Empty>
        </div>
      ) : (
        <>
          {availability.error && availability.data !== undefined && (
            <Failed error={availability.error} retry={availability.refetch} />
          )}
          <Loaded query={availability} rows={8}>
            {(answer) => (
              <>
                <Proof answer={answer} />
                <Section title="Who is busy">
                  <DayLanes answer={answer} />
                </Section>
                <Slots answer={answer} />
              </>
            )}
          </Loaded>
        </>
      )}
    </Page>
  );
}

const GAPS: Record<Availability['gaps'][number]['code'], string> = {
  needsReconnect: 'an account has to be connected again',
  inaccessible: 'a calendar is inaccessible',
  neverSynced: 'a calendar was never synced',
  missing: 'a calendar is missing',
  outsideHorizon: 'the days are beyond those that are expanded',
  leftOut: 'events of a calendar are left out',
  neverListed: 'its calendars were never listed',
  noCalendar: 'it has no calendar',
  incomplete: 'a calendar is incomplete',
};

/** As of when the answer holds, and what it cannot know. */
function Proof({ answer: { proof, gaps } }: { answer: Availability }) {
  return (
    <Section title="As of when">
      <p className="section-body">
        {proof.provenAt === null ? (
          'Some of the calendars have no proof yet: time that is shown as free may be taken.'
        ) : (
          <>
            Proven to hold everything of {sayCount(proof.calendars.length, 'calendar')} up to{' '}
            <Ago at={proof.provenAt} />.
          </>
        )}
      </p>
      {gaps.length > 0 && (
        <ul className="gaps">
          {gaps.map(({ workspaceId, calendarId, code }) => (
            <li key={`${workspaceId} ${calendarId} ${code}`}>
              <strong>{workspaceId}</strong>: {GAPS[code]}. Time there may be taken although it is shown as
              free.
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
