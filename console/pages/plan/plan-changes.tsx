import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { sayDaySpan } from '../../components/moment.ts';
import { Section } from '../../components/page.tsx';
import type { Block, Plan } from '../../data/planning.ts';
import { CHANGE_TONES, type ListedBlock } from './block-list.tsx';
import { isWithin, listNext, sameTime, sayName } from './listed-blocks.tsx';

interface Change extends Pick<ListedBlock, 'id' | 'name' | 'why'> {
  change: NonNullable<ListedBlock['change']>;
  before: string;
  after: string;
}

const COLUMNS: Column<Change>[] = [
  {
    title: 'Change',
    width: '5rem',
    cell: ({ change }) => <Badge tone={CHANGE_TONES[change]}>{change}</Badge>,
  },
  { title: 'Block', width: 'minmax(8rem, 2fr)', cell: ({ name }) => <span title={name}>{name}</span> },
  { title: 'Now', width: 'minmax(12rem, 1fr)', minor: true, cell: ({ before }) => before },
  { title: 'After applying', width: 'minmax(12rem, 1fr)', cell: ({ after }) => after },
  {
    title: 'Why here',
    width: 'minmax(9rem, 2fr)',
    minor: true,
    cell: ({ why }) => <span title={why}>{why}</span>,
  },
];

interface PlanChangesProps {
  preview: Plan;
  blocks: readonly Block[];
}

/** What applying the preview would create, move and delete. */
export function PlanChanges({ preview, blocks }: PlanChangesProps) {
  return (
    <Section title="What changes">
      <DataTable
        label="What the preview changes"
        columns={COLUMNS}
        rows={changesOf(preview, blocks)}
        rowKey={({ id }) => id}
        empty="Nothing changes: the plan is as it should be"
      />
    </Section>
  );
}

function changesOf(preview: Plan, blocks: readonly Block[]): Change[] {
  const before = new Map(blocks.map((block) => [block.id, block]));
  const after = new Set(preview.blocks.map(({ id }) => id));
  const placed = preview.blocks.flatMap((block): Change[] => {
    const was = before.get(block.id);
    if (was !== undefined && sameTime(was, block)) return [];
    const { id, name, why, change = 'new' } = listNext(block, blocks);
    return [{ id, name, why, change, before: was ? sayDaySpan(was.start, was.end) : '—', after: say(block) }];
  });
  const gone = blocks
    .filter(({ id, start, pinned }) => !after.has(id) && !pinned && isWithin(start, preview))
    .map((block): Change => ({
      id: block.id,
      name: sayName(block),
      why: undefined,
      change: 'goes',
      before: say(block),
      after: '—',
    }));
  return [...placed, ...gone];
}

const say = ({ start, end }: { start: string; end: string }): string => sayDaySpan(start, end);
