import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { Section } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { RunLink } from '../../components/run-link.tsx';
import { Ago } from '../../components/time.tsx';
import { fanOutsQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type FanOut = Answer<'/api/v1/fan-outs'>[number];

const NAMES: Record<string, string> = {
  syncAllWorkspaces: 'Sync of all workspaces',
  scheduleAllWorkspaces: 'Planning of all workspaces',
  applyTemplateToWorkspaces: 'Application of a template',
};

/** What runs over many workspaces now; nothing where nothing runs. */
export function FanOuts() {
  const { data: running = [] } = useQuery(fanOutsQuery);
  if (running.length === 0) return null;
  return (
    <Section title="In progress">
      <ul className="section-body stack">
        {running.map((fanOut) => (
          <li key={fanOut.runId}>
            <FanOutProgress {...fanOut} />
            <p className="quiet">
              {sayCounts(fanOut.progress)} Begun <Ago at={fanOut.startedAt} />. <RunLink run={fanOut} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function FanOutProgress({ type, progress }: FanOut) {
  const label = NAMES[type] ?? type;
  if (progress === null) return <Progress label={label} />;
  const { workspaces, succeeded, failed, skipped } = progress;
  const done = succeeded + failed + skipped;
  return (
    <Progress
      label={`${label}: ${sayNumber(done)} of ${sayNumber(workspaces)}`}
      done={done}
      total={Math.max(1, workspaces)}
    />
  );
}

function sayCounts(progress: FanOut['progress']): string {
  if (progress === null) return 'No worker has answered yet.';
  const { succeeded, failed, skipped } = progress;
  return `${sayNumber(succeeded)} succeeded, ${sayNumber(failed)} failed, ${sayNumber(skipped)} skipped.`;
}
