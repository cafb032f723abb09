import { Link } from '@tanstack/react-router';
import { sayCount, sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { HealthBadge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Empty } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import type { Answer } from '../../data/types.ts';

type Worst = Answer<'/api/v1/status'>['worst'][number];

const COLUMNS: Column<Worst>[] = [
  {
    title: 'Workspace',
    width: 'minmax(8rem, 2fr)',
    cell: ({ id }) => (
      <Link to="/workspaces/$workspaceId" params={{ workspaceId: id }}>
        {id}
      </Link>
    ),
  },
  { title: 'Health', width: '9rem', cell: ({ health }) => <HealthBadge health={health} /> },
  {
    title: 'Calendars',
    width: 'minmax(8rem, 1fr)',
    minor: true,
    cell: ({ calendars, unhealthy }) =>
      unhealthy > 0 ? `${sayNumber(unhealthy)} of ${sayCount(calendars, 'calendar')}` : sayNumber(calendars),
  },
  {
    title: 'Oldest proof',
    width: 'minmax(6rem, 1fr)',
    cell: ({ oldestProvenAt }) => <Ago at={oldestProvenAt} />,
  },
  {
    title: 'Dead letters',
    width: '6rem',
    align: 'end',
    minor: true,
    cell: ({ deadLetters }) => sayNumber(deadLetters),
  },
];

/** Who is affected, worst first. Without any workspace, how to make the first. */
export function WorstWorkspaces({ worst, isEmpty }: { worst: Worst[]; isEmpty: boolean }) {
  return (
    <Section title="Needs a look first" actions={<Link to="/workspaces">All workspaces</Link>}>
      {isEmpty ? (
        <Empty title="There is no workspace yet">
          <code>almanac workspace create acme --time-zone Europe/Berlin</code> makes one. Then{' '}
          <code>almanac account connect acme</code> connects its first Google account.
        </Empty>
      ) : (
        <DataTable
          label="Workspaces, worst first"
          columns={COLUMNS}
          rows={worst}
          rowKey={({ id }) => id}
          empty="All calendars are in step"
        />
      )}
    </Section>
  );
}
