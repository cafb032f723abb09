import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { sayCount, sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import type { Answer } from '../../data/types.ts';

type Verification = Answer<'/api/v1/workspaces/{workspaceId}/calendar/verify/runs/{runId}'>;
type Verified = Verification['calendars'][number];
type Difference = { kind: string; found: number; repaired: number; example: string };

/** How long one request waits for the end of a comparison. */
const WAIT_SECONDS = 20;

interface VerifyProps {
  workspaceId: string;
  calendars: { id: string; summary: string }[];
}

/** Compares the mirror with Google event by event, and repairs what differs where that is asked for. */
export function Verify({ workspaceId, calendars }: VerifyProps) {
  const [result, setResult] = useState<Verification | null>(null);
  const verify = useAction({
    run: (repair: boolean) => compare(workspaceId, repair),
    said: ({ inStep, calendars: compared }) =>
      inStep ? `${sayCount(compared.length, 'calendar')} hold what Google has.` : 'The mirror differs.',
    changes: [['workspace', workspaceId]],
  });
  const start = (repair: boolean) => verify.mutate(repair, { onSuccess: setResult });
  return (
    <Section
      title="Verification"
      actions={
        <>
          {result !== null && !result.inStep && (
            <Button className="button" isDisabled={verify.isPending} onPress={() => start(true)}>
              Repair
            </Button>
          )}
          <Button className="button" isDisabled={verify.isPending} onPress={() => start(false)}>
            Verify
          </Button>
        </>
      }
    >
      {verify.isPending && (
        <div className="section-body">
          <Progress label="Comparing every event with Google" />
        </div>
      )}
      {result === null ? (
        <p className="section-body quiet">
          Lists every event anew and compares it with the mirror; changes nothing.
        </p>
      ) : (
        <Result result={result} calendars={calendars} />
      )}
    </Section>
  );
}

async function compare(workspaceId: string, repair: boolean): Promise<Verification> {
  let answer = await unwrap(
    api.POST('/api/v1/workspaces/{workspaceId}/calendar/verify', {
      params: { path: { workspaceId }, query: { wait: WAIT_SECONDS } },
      body: { repair },
    }),
  );
  while (!('inStep' in answer)) {
    const { runId } = answer;
    answer = await unwrap(
      api.GET('/api/v1/workspaces/{workspaceId}/calendar/verify/runs/{runId}', {
        params: { path: { workspaceId, runId }, query: { wait: WAIT_SECONDS } },
      }),
    );
  }
  return answer;
}

function Result({ result, calendars }: { result: Verification; calendars: VerifyProps['calendars'] }) {
  const nameOf = new Map(calendars.map(({ id, summary }) => [id, summary]));
  const columns: Column<Verified>[] = [
    {
      title: 'Calendar',
      width: 'minmax(8rem, 2fr)',
      cell: ({ calendarId }) => nameOf.get(calendarId) ?? calendarId,
    },
    {
      title: 'Outcome',
      width: 'minmax(8rem, 1fr)',
      cell: ({ outcome, error }) => (
        <Badge tone={outcome === 'compared' ? 'good' : 'warn'}>{error ?? outcome}</Badge>
      ),
    },
    { title: 'Events', width: '5rem', align: 'end', minor: true, cell: ({ events }) => sayNumber(events) },
    {
      title: 'Differences',
      width: '6rem',
      align: 'end',
      cell: ({ differences }) => sayNumber(differences),
    },
    {
      title: 'Repaired',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ repaired }) => sayNumber(repaired),
    },
  ];
  return (
    <>
      <DataTable
        label="Verified calendars"
        columns={columns}
        rows={result.calendars}
        rowKey={({ calendarId }) => calendarId}
        empty="There is no calendar to compare"
      />
      <Differences differences={result.differences} />
    </>
  );
}

const DIFFERENCE_COLUMNS: Column<Difference>[] = [
  { title: 'Difference', width: '8rem', cell: ({ kind }) => kind },
  { title: 'Found', width: '5rem', align: 'end', cell: ({ found }) => sayNumber(found) },
  { title: 'Repaired', width: '5rem', align: 'end', cell: ({ repaired }) => sayNumber(repaired) },
  {
    title: 'Examples',
    width: 'minmax(8rem, 1fr)',
    minor: true,
    cell: ({ example }) => <code title={example}>{example}</code>,
  },
];

function Differences({ differences }: Pick<Verification, 'differences'>) {
  const rows = Object.entries(differences)
    .filter(([, { found }]) => found > 0)
    .map(([kind, { found, repaired, examples }]) => ({
      kind,
      found,
      repaired,
      example: examples.map(({ googleEventId }) => googleEventId).join(' '),
    }));
  if (rows.length === 0) return null;
  return (
    <DataTable
      label="Differences by kind"
      columns={DIFFERENCE_COLUMNS}
      rows={rows}
      rowKey={({ kind }) => kind}
      empty=""
    />
  );
}
