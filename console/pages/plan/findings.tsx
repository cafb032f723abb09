import { type Column, DataTable } from '../../components/data-table.tsx';
import { sayClock, sayDay } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import type { PlanOutcome } from '../../data/planning.ts';
import { reasonsWith, sayMinutes, sayWarning } from './reasons.ts';

type Plan = Pick<PlanOutcome, 'blocks' | 'unscheduled' | 'late' | 'warnings' | 'objective'>;
type Missing = Plan['unscheduled'][number];

interface FindingsProps {
  plan: Plan;
  isPreview: boolean;
  nameOf: (refId: string) => string;
}

/** What did not fit and why, what is late, and how much of the possible the plan is. */
export function Findings({ plan, isPreview, nameOf }: FindingsProps) {
  const { whyNot } = reasonsWith(nameOf);
  const columns: Column<Missing>[] = [
    { title: 'What', width: 'minmax(8rem, 1fr)', cell: ({ refId }) => nameOf(refId) },
    { title: 'Day', width: '7rem', minor: true, cell: ({ date }) => date ?? '' },
    { title: 'Left out', width: '6rem', cell: ({ minutes }) => sayMinutes(minutes) },
    {
      title: 'Why not',
      width: 'minmax(10rem, 3fr)',
      cell: (missing) => <span title={whyNot(missing)}>{whyNot(missing)}</span>,
    },
  ];
  return (
    <Section
      title={isPreview ? 'What does not fit into the preview' : 'What did not fit'}
      actions={<span className="quiet">{sayShare(plan)}</span>}
    >
      {plan.late.length + plan.warnings.length > 0 && (
        <ul className="sentences">
          {plan.late.map(({ refId, minutes, deadline }) => (
            <li key={refId}>
              {nameOf(refId)}: {sayMinutes(minutes)} after its deadline, {sayDay(deadline)},{' '}
              {sayClock(deadline)}.
            </li>
          ))}
          {plan.warnings.map((warning) => (
            <li key={JSON.stringify(warning)}>{sayWarning(warning, plan.blocks, nameOf)}</li>
          ))}
        </ul>
      )}
      <DataTable
        label="What did not fit"
        columns={columns}
        rows={plan.unscheduled}
        rowKey={({ refId, date }) => `${refId} ${date}`}
        empty="Everything fits"
      />
    </Section>
  );
}

/** Rounded down, so that 100 % means everything. */
function sayShare({ objective: { onTime, ceiling } }: Plan): string {
  return ceiling > 0 ? `Of what can be on time, ${Math.floor((100 * onTime) / ceiling)} % is.` : '';
}
