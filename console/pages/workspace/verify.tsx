import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Button } from 'react-aria-components/Button';
import { sayCount, sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { useAnnouncer } from '../../components/announcer.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { runningWorkQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';
import { WorkProgress } from './work-progress.tsx';

type Verification = Answer<'/api/v1/workspaces/{workspaceId}/calendar/verify/runs/{runId}'>;
type Verified = Verification['calendars'][number];
type Difference = { kind: string; found: number; repaired: number; example: string };

/** How long one request waits for the end of a comparison. */
const WAIT_SECONDS = 20;
const AGAIN_MS = 200;

interface VerifyProps {
  workspaceId: string;
  calendars: { id: string; summary: string }[];
}

/**
 * Compares the mirror with Google event by event, and repairs what differs where that is asked for. A comparison that
 * runs is found again when the page is opened anew; its result stays for as long as the console is open.
 */
export function Verify({ workspaceId, calendars }: VerifyProps) {
  const { result, isRunning, start } = useVerification(workspaceId);
  return (
    <Section
      title="Verification"
      actions={
        <>
          {result && !result.inStep && (
            <Button className="button" isDisabled={isRunning} onPress={() => start(true)}>
              Repair
            </Button>
          )}
          <Button className="button" isDisabled={isRunning} onPress={() => start(false)}>
            Verify
          </Button>
        </>
      }
    >
      {isRunning && (
        <div className="section-body">
          <WorkProgress
            workspaceId={workspaceId}
            work="verification"
            label="Comparing every event with Google"
            isAwaited
          />
        </div>
      )}
      {result ? (
        <Result result={result} calendars={calendars} />
      ) : (
        <p className="section-body quiet">
          Lists every event anew and compares it with the mirror; changes nothing.
        </p>
      )}
    </Section>
  );
}

const KEPT = { queryFn: () => null, staleTime: Infinity, gcTime: Infinity, initialData: null };

function useVerification(workspaceId: string) {
  const client = useQueryClient();
  const { done, failed } = useAnnouncer();
  const followedKey = ['followed-verification', workspaceId];
  const resultKey = ['verification', workspaceId];
  const { data: started } = useQuery<string | null>({ queryKey: followedKey, ...KEPT });
  const { data: result } = useQuery<Verification | null>({ queryKey: resultKey, ...KEPT });
  const { data: running = [] } = useQuery(runningWorkQuery(workspaceId));
  const runId = started ?? running.find(({ work }) => work === 'verification')?.runId ?? null;
  const verify = useAction({
    run: async (repair: boolean) => {
      const { runId: begun } = await unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/calendar/verify', {
          params: { path: { workspaceId } },
          body: { repair },
        }),
      ).then(requireRun);
      // Here, because the page may have been left meanwhile.
      client.setQueryData(followedKey, begun);
    },
    said: () => 'A comparison has begun. It goes on when you leave this page.',
    changes: [['workspace', workspaceId, 'running-work']],
  });
  const outcome = useQuery({
    queryKey: ['verification', workspaceId, runId],
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data?.result || state.error ? false : AGAIN_MS),
    queryFn: async () => {
      const answer = await unwrap(
        api.GET('/api/v1/workspaces/{workspaceId}/calendar/verify/runs/{runId}', {
          params: { path: { workspaceId, runId: runId! }, query: { wait: WAIT_SECONDS } },
        }),
      );
      return { result: 'inStep' in answer ? answer : null };
    },
  });
  const ended = outcome.data?.result ?? null;
  const { error } = outcome;
  useEffect(() => {
    if (ended === null && error === null) return;
    client.setQueryData(['followed-verification', workspaceId], null);
    if (error !== null) return failed(error);
    client.setQueryData(['verification', workspaceId], ended);
    void client.invalidateQueries({ queryKey: ['workspace', workspaceId] });
    if (ended?.inStep) done(`${sayCount(ended.calendars.length, 'calendar')} hold what Google has.`);
    else done('The mirror differs.');
  }, [client, done, failed, ended, error, workspaceId]);
  return {
    result,
    isRunning: verify.isPending || (runId !== null && ended === null && error === null),
    start: (repair: boolean) => verify.mutate(repair),
  };
}

type Started = { workflowId: string; runId: string };

/** Nothing waits for the result, so the answer is the run. */
function requireRun(answer: Verification | Started): Started {
  if ('runId' in answer) return answer;
  throw new Error('The comparison has ended already: start it again.');
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
