import './availability.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Page, Section } from '../../components/page.tsx';
import { Empty, Failed, Loaded } from '../../components/states.tsx';
import { availabilityOf } from '../../data/availability.ts';
import { AvailabilityForm } from './availability-form.tsx';
import { DayLanes } from './day-lanes.tsx';
import { Permits } from './permits.tsx';
import { Proof } from './proof.tsx';
import { Slots } from './slots.tsx';
import { firstQuestion, toQuestion, type TypedQuestion } from './typed-question.ts';
import { WorkHours } from './work-hours.tsx';

/** When several people are busy, and when they can meet. */
export function AvailabilityPage() {
  const { workspaceId } = useParams({ strict: false });
  const [first] = useState(() => firstQuestion(workspaceId));
  const [asked, setAsked] = useState(() => toQuestion(first));
  const availability = useQuery(availabilityOf(asked));
  const { workspaceIds, slots } = asked.question;
  function ask(typed: TypedQuestion) {
    const next = toQuestion(typed);
    // The same question may be asked again, for instance to sync what has become too old.
    if (JSON.stringify(next) === JSON.stringify(asked)) void availability.refetch();
    else setAsked(next);
  }
  return (
    <Page title="Availability" lead="A workspace stands for one person; times are in your zone">
      <AvailabilityForm first={first} ask={ask} />
      {workspaceIds.length === 0 ? (
        <div className="section">
          <Empty title="Whose time?">Name the workspaces that are to meet.</Empty>
        </div>
      ) : (
        <>
          {availability.error && availability.data !== undefined && (
            <Failed error={availability.error} retry={availability.refetch} />
          )}
          <Loaded query={availability} rows={8}>
            {(answer) => (
              <>
                <Proof answer={answer} />
                <Section title="Who is busy">
                  <DayLanes answer={answer} />
                </Section>
                {slots !== undefined && <Slots answer={answer} />}
              </>
            )}
          </Loaded>
          <WorkHours workspaceIds={workspaceIds} />
        </>
      )}
      {workspaceId !== undefined && <Permits workspaceId={workspaceId} />}
    </Page>
  );
}
