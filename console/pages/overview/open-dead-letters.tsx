import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { deadLettersQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type DeadLetter = Answer<'/api/v1/dead-letters'>[number];

const MOST_SHOWN = 8;

const COLUMNS: Column<DeadLetter>[] = [
  { title: 'Workspace', width: 'minmax(6rem, 1fr)', cell: ({ workspaceId }) => workspaceId ?? 'all' },
  { title: 'Failure', width: 'minmax(8rem, 2fr)', cell: ({ failureType }) => failureType },
  {
    title: 'Attempts',
    width: '5rem',
    align: 'end',
    minor: true,
    cell: ({ attempts }) => sayNumber(attempts),
  },
  { title: 'Last', width: '6rem', cell: ({ lastFailedAt }) => <Ago at={lastFailedAt} /> },
];

export function OpenDeadLetters() {
  const letters = useQuery(deadLettersQuery);
  return (
    <Section title="Dead letters">
      <Loaded query={letters}>
        {(rows) => (
          <DataTable
            label="Open dead letters"
            columns={COLUMNS}
            rows={rows.slice(0, MOST_SHOWN)}
            rowKey={({ id }) => id}
            empty="Nothing has failed for good"
          />
        )}
      </Loaded>
    </Section>
  );
}
