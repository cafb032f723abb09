import './plan.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { habitsOf, tasksOf } from '../../data/planning.ts';
import { HabitsSection } from './habits-section.tsx';
import { HoursSection } from './hours-section.tsx';
import { PlanControls } from './plan-controls.tsx';
import { PlanShown } from './plan-shown.tsx';
import { PolicySection } from './policy-section.tsx';
import { PlanRuns } from './plan-runs.tsx';
import { Purge } from './purge.tsx';
import { TasksSection } from './tasks-section.tsx';
import { usePlanRun } from './use-plan-run.ts';

/** What is planned and why, what a new plan would change, and what it is made from. */
export function PlanPage() {
  const { workspaceId } = useParams({ from: '/signed-in/workspaces/$workspaceId' });
  const tasks = useQuery(tasksOf(workspaceId));
  const habits = useQuery(habitsOf(workspaceId));
  const run = usePlanRun(workspaceId);
  const titles = new Map([...(tasks.data ?? []), ...(habits.data ?? [])].map(({ id, title }) => [id, title]));
  const nameOf = (refId: string) => titles.get(refId) ?? 'Something that was removed';
  return (
    <Page
      title="Plan"
      lead="Tasks and habits, in the free time between events"
      actions={<PlanControls run={run} />}
    >
      <Tabs>
        <TabList className="tabs" aria-label="Parts of planning">
          <Tab id="plan">Plan</Tab>
          <Tab id="work">Tasks and habits</Tab>
          <Tab id="rules">Hours and policy</Tab>
        </TabList>
        <TabPanel id="plan">
          <PlanShown workspaceId={workspaceId} previewId={run.previewId} nameOf={nameOf} />
          <PlanRuns workspaceId={workspaceId} run={run} />
        </TabPanel>
        <TabPanel id="work">
          <Loaded query={tasks}>{(rows) => <TasksSection workspaceId={workspaceId} tasks={rows} />}</Loaded>
          <Loaded query={habits}>
            {(rows) => <HabitsSection workspaceId={workspaceId} habits={rows} />}
          </Loaded>
        </TabPanel>
        <TabPanel id="rules">
          <HoursSection workspaceId={workspaceId} />
          <PolicySection workspaceId={workspaceId} />
          <Purge run={run} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}
