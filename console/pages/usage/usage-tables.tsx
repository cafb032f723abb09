import { Link } from '@tanstack/react-router';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/page.tsx';
import type { UsageRow } from '../../data/usage.ts';
import { byMethod, byWorkspace, type DaySums, type Sums, type WorkspaceSums } from './usage-sums.ts';

const SUMS: Column<Sums>[] = [
  { title: 'Requests', width: '6rem', align: 'end', cell: ({ googleRequests }) => sayNumber(googleRequests) },
  { title: 'Syncs', width: '5rem', align: 'end', cell: ({ syncs }) => sayNumber(syncs) },
  { title: 'Changes', width: '6rem', align: 'end', minor: true, cell: ({ changes }) => sayNumber(changes) },
  {
    title: 'Writes',
    width: '5rem',
    align: 'end',
    minor: true,
    cell: ({ eventWrites }) => sayNumber(eventWrites),
  },
];

const sayKnown = (count: number | null) => (count === null ? '—' : sayNumber(count));

const DAYS: Column<DaySums>[] = [
  { title: 'Day', width: 'minmax(6rem, 1fr)', cell: ({ day }) => day },
  ...SUMS,
  {
    title: 'Stored events',
    width: '7rem',
    align: 'end',
    minor: true,
    cell: ({ events }) => sayKnown(events),
  },
];

const WORKSPACES: Column<WorkspaceSums>[] = [
  {
    title: 'Workspace',
    width: 'minmax(8rem, 2fr)',
    cell: ({ workspaceId }) => (
      <Link to="/workspaces/$workspaceId/usage" params={{ workspaceId }}>
        {workspaceId}
      </Link>
    ),
  },
  ...SUMS,
  {
    title: 'Calendars',
    width: '6rem',
    align: 'end',
    minor: true,
    cell: ({ calendars }) => sayKnown(calendars),
  },
  {
    title: 'Stored events',
    width: '7rem',
    align: 'end',
    minor: true,
    cell: ({ events }) => sayKnown(events),
  },
];

const METHODS: Column<[string, number]>[] = [
  { title: 'Method', width: 'minmax(8rem, 1fr)', cell: ([method]) => <code>{method}</code> },
  { title: 'Requests', width: '7rem', align: 'end', cell: ([, requests]) => sayNumber(requests) },
];

interface UsageTablesProps {
  rows: UsageRow[];
  days: DaySums[];
  /** Of one workspace; otherwise workspaces are compared. */
  isOfOne: boolean;
}

export function UsageTables({ rows, days, isOfOne }: UsageTablesProps) {
  return (
    <>
      {!isOfOne && (
        <Section title="By workspace">
          <DataTable
            label="Usage by workspace"
            columns={WORKSPACES}
            rows={byWorkspace(rows)}
            rowKey={({ workspaceId }) => workspaceId}
            empty="No workspace"
          />
        </Section>
      )}
      <Section title="Figures by day">
        <DataTable
          label="Usage by day"
          columns={DAYS}
          rows={days.toReversed()}
          rowKey={({ day }) => day}
          empty="No day"
        />
      </Section>
      <Section title="Requests to Google by method">
        <DataTable
          label="Requests by method"
          columns={METHODS}
          rows={byMethod(rows)}
          rowKey={([method]) => method}
          empty="Google was not asked"
        />
      </Section>
    </>
  );
}
