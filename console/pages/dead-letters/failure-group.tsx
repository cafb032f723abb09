import { Link } from '@tanstack/react-router';
import { Button } from 'react-aria-components/Button';
import { sayCount, sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { RunLink } from '../../components/run-link.tsx';
import { Section } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { type DeadLetter, retryDeadLetter } from '../../data/dead-letters.ts';
import { LetterActions } from './letter-actions.tsx';

const TONES = { open: 'bad', resolved: 'good', discarded: 'quiet' } as const;

function columnsOf(workspaceId: string | undefined): Column<DeadLetter>[] {
  return [
    { title: 'Workspace', width: 'minmax(6rem, 1fr)', cell: (letter) => <Affected letter={letter} /> },
    { title: 'Work', width: '7rem', minor: true, cell: ({ operation }) => operation },
    {
      title: 'Status',
      width: '6rem',
      cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge>,
    },
    {
      title: 'Attempts',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ attempts }) => sayNumber(attempts),
    },
    { title: 'First', width: '6rem', minor: true, cell: ({ firstFailedAt }) => <Ago at={firstFailedAt} /> },
    { title: 'Last', width: '6rem', minor: true, cell: ({ lastFailedAt }) => <Ago at={lastFailedAt} /> },
    { title: 'Run', width: '5rem', minor: true, cell: (letter) => <LatestRun {...letter} /> },
    {
      title: 'Actions',
      below: 'bare',
      width: '11rem',
      align: 'end',
      cell: (letter) => <LetterActions letter={letter} workspaceId={workspaceId} />,
    },
  ];
}

/** A workspace's key is not told which run of the installation failed. */
function LatestRun({ workflowId, runId }: DeadLetter) {
  if (workflowId === undefined || runId === undefined) return null;
  return <RunLink run={{ workflowId, runId }} />;
}

function Affected({ letter: { workspaceId, calendars } }: { letter: DeadLetter }) {
  if (workspaceId === undefined)
    return calendars === undefined ? 'the installation' : `${sayCount(calendars, 'calendar')} of all`;
  return (
    <Link to="/workspaces/$workspaceId" params={{ workspaceId }}>
      {workspaceId}
    </Link>
  );
}

interface FailureGroupProps {
  failureType: string;
  letters: DeadLetter[];
  workspaceId: string | undefined;
}

/** Letters of one failure, under what to do about it. */
export function FailureGroup({ failureType, letters, workspaceId }: FailureGroupProps) {
  const open = letters.filter(({ status }) => status === 'open');
  const retryAll = useAction({
    run: async () => {
      for (const { id } of open) await retryDeadLetter(workspaceId, id);
    },
    said: () =>
      `Retries of ${sayCount(open.length, 'dead letter')} have begun. Those that succeed are resolved.`,
    changes: [['dead-letters']],
  });
  return (
    <Section
      title={failureType}
      actions={
        open.length > 1 && (
          <Button className="button" isDisabled={retryAll.isPending} onPress={() => retryAll.mutate()}>
            {retryAll.isPending ? 'Retrying' : `Retry all ${open.length}`}
          </Button>
        )
      }
    >
      <p className="advice">{letters[0]?.advice}</p>
      <DataTable
        label={`Dead letters of ${failureType}`}
        columns={columnsOf(workspaceId)}
        rows={letters}
        rowKey={({ id }) => id}
        empty="None"
      />
    </Section>
  );
}
