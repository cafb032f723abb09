import { type Column, DataTable } from '../../components/data-table.tsx';
import { sayCount } from '../../components/count.ts';
import { Section } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import type { Availability } from '../../data/availability.ts';

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

interface Line {
  workspaceId: string;
  calendars: number;
  /** Null: one of them has no proof. */
  provenAt: string | null;
}

const COLUMNS: Column<Line>[] = [
  { title: 'Whose', width: 'minmax(8rem, 2fr)', cell: ({ workspaceId }) => workspaceId },
  {
    title: 'Calendars',
    width: '6rem',
    align: 'end',
    cell: ({ calendars }) => sayCount(calendars, 'calendar'),
  },
  {
    title: 'Complete as of',
    width: 'minmax(7rem, 1fr)',
    cell: ({ provenAt }) => <Ago at={provenAt} never="not proven" />,
  },
];

/** The oldest proof of each person. */
function linesOf({ people, proof }: Availability): Line[] {
  return people.map(({ workspaceId }) => {
    const own = proof.calendars.filter((one) => one.workspaceId === workspaceId);
    const instants = own.flatMap(({ provenAt }) => provenAt ?? []).toSorted();
    const isProven = own.length > 0 && instants.length === own.length;
    return { workspaceId, calendars: own.length, provenAt: isProven ? instants[0]! : null };
  });
}

/** As of when the answer holds, and what it cannot know. */
export function Proof({ answer }: { answer: Availability }) {
  const { proof, gaps } = answer;
  return (
    <Section title="As of when">
      <p className="section-body">
        {proof.provenAt === null ? (
          'Some of the calendars have no proof yet: time that is shown as free may be taken.'
        ) : (
          <>
            Proven to hold everything of {sayCount(proof.calendars.length, 'calendar')} up to{' '}
            <Ago at={proof.provenAt} />. What was changed in Google since may be missing.
          </>
        )}
      </p>
      <DataTable
        label="Proof of each person"
        columns={COLUMNS}
        rows={linesOf(answer)}
        rowKey={({ workspaceId }) => workspaceId}
        empty="Nobody was asked for"
      />
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
