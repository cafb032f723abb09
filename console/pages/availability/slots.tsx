import { type Column, DataTable } from '../../components/data-table.tsx';
import { sayCount } from '../../components/count.ts';
import { sayDaySpan } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import type { Availability, Preference, Slot } from '../../data/availability.ts';

const AHEAD: Record<Preference, string> = {
  earliest: 'earlier than the next',
  latest: 'later than the next',
  fewestMoves: 'moves fewer blocks than the next',
  mostPeople: 'more people than the next',
  middleOfHours: 'nearer to the middle of the hours than the next',
};

const COLUMNS: Column<Slot>[] = [
  { title: 'When', width: 'minmax(11.5rem, 1fr)', cell: ({ start, end }) => sayDaySpan(start, end) },
  {
    title: 'Who comes',
    width: 'minmax(8rem, 2fr)',
    cell: ({ workspaceIds }) => <span title={workspaceIds.join(', ')}>{workspaceIds.join(', ')}</span>,
  },
  {
    title: 'Has to move',
    width: 'minmax(8rem, 1fr)',
    minor: true,
    cell: ({ movable }) =>
      movable.length === 0
        ? 'nothing'
        : `${sayCount(movable.length, 'block')} of ${[...new Set(movable.map(({ workspaceId }) => workspaceId))].join(', ')}`,
  },
  {
    title: 'Why before the next',
    width: 'minmax(9rem, 2fr)',
    minor: true,
    cell: ({ reason }) => AHEAD[reason.code],
  },
];

export function Slots({ answer: { slots = [], slotsFound = 0 } }: { answer: Availability }) {
  const more = slotsFound > slots.length ? `, the best of ${slotsFound} possible starts` : '';
  return (
    <Section
      title="When they can meet"
      actions={<span className="quiet">{`${sayCount(slots.length, 'slot')}${more}`}</span>}
    >
      <DataTable
        label="Slots"
        columns={COLUMNS}
        rows={slots}
        rowKey={({ start }) => start}
        empty="They cannot meet in these days"
        emptyHint="A shorter meeting, more days, or times beyond the hours of work may help."
      />
    </Section>
  );
}
