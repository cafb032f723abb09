import { type Column, DataTable } from '../../components/data-table.tsx';
import { sayClock, sayDay, sayMinutes } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import type { Plan } from '../../data/planning.ts';
import { sayWarning } from './say-warning.ts';

type Missing = Plan['unscheduled'][number];

const COLUMNS: Column<Missing>[] = [
  { title: 'What', width: 'minmax(8rem, 1fr)', cell: ({ title }) => title },
  { title: 'Day', width: '7rem', minor: true, cell: ({ date }) => date ?? '' },
  { title: 'Left out', width: '6rem', cell: ({ minutes }) => sayMinutes(minutes) },
  {
    title: 'Why not',
    width: 'minmax(10rem, 3fr)',
    cell: ({ sentence }) => <span title={sentence}>{sentence}</span>,
  },
];

interface FindingsProps {
  plan: Plan;
  isPreview: boolean;
  nameOf: (refId: string) => string;
}

/** What did not fit and why, what is late, and how much of the possible the plan is. */
export function Findings({ plan, isPreview, nameOf }: FindingsProps) {
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
            <li key={JSON.stringify(warning)}>{sayWarning(warning, plan, nameOf)}</li>
          ))}
        </ul>
      )}
      <DataTable
        label="What did not fit"
        columns={COLUMNS}
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
