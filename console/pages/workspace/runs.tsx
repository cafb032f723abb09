import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { RunLink } from '../../components/run-link.tsx';
import { Ago, sayDuration } from '../../components/time.tsx';
import { runsQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Run = Answer<'/api/v1/workspaces/{workspaceId}/runs'>['runs'][number];

const TONES = { running: 'quiet', success: 'good', failed: 'bad', skipped: 'quiet' } as const;

interface RunsProps {
  workspaceId: string;
  calendars: { id: string; summary: string }[];
}

/** What each sync did to each calendar, newest first. */
export function Runs({ workspaceId, calendars }: RunsProps) {
  const runs = useQuery(runsQuery(workspaceId));
  const nameOf = new Map(calendars.map(({ id, summary }) => [id, summary]));
  const columns: Column<Run>[] = [
    { title: 'Started', width: '7rem', cell: ({ startedAt }) => <Ago at={startedAt} /> },
    {
      title: 'Calendar',
      width: 'minmax(8rem, 2fr)',
      cell: ({ calendarId }) => nameOf.get(calendarId) ?? calendarId,
    },
    {
      title: 'Outcome',
      width: 'minmax(6rem, 1fr)',
      cell: ({ outcome, failureType }) => (
        <>
          <Badge tone={TONES[outcome]}>{outcome}</Badge> {failureType}
        </>
      ),
    },
    { title: 'Mode', width: '7rem', minor: true, cell: ({ mode }) => mode },
    { title: 'Source', width: '6rem', minor: true, cell: ({ source }) => source },
    {
      title: 'Written',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ upserted }) => sayNumber(upserted),
    },
    {
      title: 'Deleted',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ deleted }) => sayNumber(deleted),
    },
    {
      title: 'Took',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ durationMs }) => (durationMs === null ? '' : sayDuration(durationMs)),
    },
    { title: 'Temporal', width: '5rem', cell: (run) => <RunLink run={run} /> },
  ];
  return (
    <Section title="Runs">
      <Loaded query={runs}>
        {(page) => (
          <DataTable
            label="Runs, newest first"
            columns={columns}
            rows={page.runs}
            rowKey={({ runId, calendarId }) => `${runId} ${calendarId}`}
            empty="No sync has run yet"
          />
        )}
      </Loaded>
    </Section>
  );
}
