import { useQueries } from '@tanstack/react-query';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/page.tsx';
import { hoursOf } from '../../data/planning.ts';
import { workspaceQuery } from '../../data/queries.ts';

/** More are not asked for one by one. */
const MOST_SHOWN = 10;

interface Line {
  workspaceId: string;
  timeZone: string | undefined;
  said: string;
}

const COLUMNS: Column<Line>[] = [
  { title: 'Whose', width: 'minmax(7rem, 1fr)', cell: ({ workspaceId }) => workspaceId },
  { title: 'Zone', width: 'minmax(7rem, 1fr)', minor: true, cell: ({ timeZone }) => timeZone ?? '—' },
  {
    title: 'Hours of work',
    width: 'minmax(9rem, 3fr)',
    cell: ({ said }) => <span title={said}>{said}</span>,
  },
];

/** Days with the same hours in a row are one: `mon–fri 09:00–17:00`. */
function sayWeek(week: Record<string, string[][]>): string {
  const runs: { days: string[]; hours: string }[] = [];
  for (const [day, blocks] of Object.entries(week)) {
    const hours = blocks.map((block) => block.join('–')).join(', ');
    const last = runs.at(-1);
    if (last?.hours === hours) last.days.push(day);
    else runs.push({ days: [day], hours });
  }
  const open = runs.filter(({ hours }) => hours !== '');
  if (open.length === 0) return 'never';
  return open
    .map(({ days, hours }) => `${days.length > 1 ? `${days[0]}–${days.at(-1)}` : days[0]} ${hours}`)
    .join('; ');
}

/** When each person works, in their zone. Of workspaces that only permit busy times, hours are not shown. */
export function WorkHours({ workspaceIds }: { workspaceIds: readonly string[] }) {
  const shown = workspaceIds.slice(0, MOST_SHOWN);
  const hours = useQueries({ queries: shown.map((id) => ({ ...hoursOf(id), retry: false })) });
  const workspaces = useQueries({ queries: shown.map((id) => ({ ...workspaceQuery(id), retry: false })) });
  const rows = shown.map((workspaceId, index): Line => {
    const { data, error } = hours[index]!;
    const said = data === undefined ? (error ? 'not shown to this session' : '…') : sayWeek(data.work ?? {});
    return { workspaceId, timeZone: workspaces[index]!.data?.timeZone, said };
  });
  return (
    <Section title="Hours of work">
      <DataTable
        label="Hours of work of each person"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ workspaceId }) => workspaceId}
        empty="Nobody was asked for"
      />
    </Section>
  );
}
