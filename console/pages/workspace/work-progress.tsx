import { useQuery } from '@tanstack/react-query';
import { sayCount, sayNumber } from '../../components/count.ts';
import { Progress } from '../../components/progress.tsx';
import { runningWorkQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Work = Answer<'/api/v1/workspaces/{workspaceId}/running-work'>[number];

interface WorkProgressProps {
  workspaceId: string;
  work: Work['work'];
  label: string;
  /** Whether a run was just asked for, which may not be listed yet. */
  isAwaited: boolean;
}

/** How far a run has come, whoever started it; nothing where none runs. */
export function WorkProgress({ workspaceId, work, label, isAwaited }: WorkProgressProps) {
  const { data: running = [] } = useQuery(runningWorkQuery(workspaceId));
  const run = running.find((one) => one.work === work);
  if (run === undefined) return isAwaited && <Progress label={label} />;
  if (run.progress === null || run.progress.calendarsTotal === 0) return <Progress label={label} />;
  const { calendarsDone: done, calendarsTotal: total, pages } = run.progress;
  const percent = Math.floor((done / total) * 100);
  const said = `${percent} %: ${sayNumber(done)} of ${sayCount(total, 'calendar')}, ${sayCount(pages, 'page')}`;
  return <Progress label={`${label}, ${said}`} done={done} total={total} />;
}
