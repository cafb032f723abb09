import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { type PlanRun, planRunsOf } from '../../data/planning.ts';
import type { usePlanRun } from './use-plan-run.ts';

const TONES = {
  planning: 'quiet',
  planned: 'quiet',
  applying: 'quiet',
  applied: 'good',
  refused: 'warn',
  failed: 'bad',
} as const;

interface PlanRunsProps {
  workspaceId: string;
  run: ReturnType<typeof usePlanRun>;
}

/** Planning runs, newest first; an applied one can be taken back. */
export function PlanRuns({ workspaceId, run: { isBusy, begin } }: PlanRunsProps) {
  const runs = useQuery(planRunsOf(workspaceId));
  const columns: Column<PlanRun>[] = [
    { title: 'Run', width: '6rem', cell: ({ mode }) => mode },
    {
      title: 'Status',
      width: '8rem',
      cell: ({ status, undoneAt, failureType }) => (
        <Badge tone={TONES[status]}>{undoneAt === null ? (failureType ?? status) : 'taken back'}</Badge>
      ),
    },
    {
      title: 'Blocks',
      width: 'minmax(10rem, 1fr)',
      minor: true,
      cell: ({ created, moved, deleted }) => `${created} created, ${moved} moved, ${deleted} deleted`,
    },
    { title: 'By', width: '6rem', minor: true, cell: ({ source }) => source },
    { title: 'Started', width: '6rem', cell: ({ startedAt }) => <Ago at={startedAt} /> },
    {
      title: 'Undo',
      below: 'bare',
      width: '5rem',
      align: 'end',
      cell: (each) =>
        each.mode === 'apply' &&
        each.status === 'applied' &&
        each.undoneAt === null && (
          <span className="row-actions">
            <Button
              className="button"
              aria-label={`Undo the run of ${each.startedAt}`}
              isDisabled={isBusy}
              onPress={() => begin({ mode: 'undo', planId: each.id })}
            >
              Undo
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Section title="Runs">
      <Loaded query={runs}>
        {(data) => (
          <DataTable
            label="Planning runs"
            columns={columns}
            rows={data.runs}
            rowKey={({ id }) => id}
            empty="Nothing has been planned yet"
          />
        )}
      </Loaded>
    </Section>
  );
}
