import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../data/queries.ts';
import { sayCount } from '../../components/count.ts';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { FanOuts } from './fan-outs.tsx';
import { GoogleBudget } from './google-budget.tsx';
import { HealthCounts } from './health-counts.tsx';
import { OpenDeadLetters } from './open-dead-letters.tsx';
import { Receivers } from './receivers.tsx';
import { SyncAll } from './sync-all.tsx';
import { TaskQueues } from './task-queues.tsx';
import { WorstWorkspaces } from './worst-workspaces.tsx';

/** As high as what comes: what is below stays where it is, and can be used before. */
const STATUS_ROWS = 24;

/** Is everything in step, what is stuck, who is affected. */
export function OverviewPage() {
  const status = useQuery(statusQuery);
  return (
    <Page
      title="Overview"
      lead={status.data && sayWhole(status.data.overall)}
      actions={<SyncAll isEmpty={status.data?.overall.workspaces === 0} />}
    >
      <FanOuts />
      <Loaded query={status} rows={STATUS_ROWS}>
        {({ overall, worst, google }) => (
          <>
            <HealthCounts overall={overall} />
            <WorstWorkspaces worst={worst} isEmpty={overall.workspaces === 0} />
            <GoogleBudget google={google} />
          </>
        )}
      </Loaded>
      <TaskQueues />
      <div className="columns">
        <OpenDeadLetters />
        <Receivers />
      </div>
    </Page>
  );
}

function sayWhole({
  health,
  workspaces,
  calendars,
}: {
  health: string;
  workspaces: number;
  calendars: number;
}) {
  const size = `${sayCount(workspaces, 'workspace')} with ${sayCount(calendars, 'calendar')}`;
  return health === 'healthy' ? `${size}, all in step with Google` : size;
}
