import { describe, expect, it } from 'vitest';
import { type BlockRow, diffPlan } from '../../../../services/planning/write-back/diff-plan.ts';
import { nameBlocks } from '../../../../services/planning/write-back/name-blocks.ts';
import { titleHash } from '../../../../services/planning/write-back/title-hash.ts';
import type { PlannedBlock } from '../../../../scheduling/index.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-01-05T12:00:00Z');

function row(id: string, hour: number, over: Partial<BlockRow> = {}): BlockRow {
  const startMs = NOON + hour * HOUR_MS;
  return {
    id,
    kind: 'task',
    refId: 't1',
    habitDay: null,
    status: 'written',
    span: { startMs, endMs: startMs + HOUR_MS },
    pinned: false,
    isMeeting: false,
    live: true,
    title: 'Report',
    contentHash: titleHash('Report'),
    ...over,
  };
}

function block(id: string, hour: number, over: Partial<PlannedBlock> = {}): PlannedBlock {
  const startMs = NOON + hour * HOUR_MS;
  return {
    id,
    kind: 'task',
    refId: 't1',
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + HOUR_MS).toISOString(),
    chunk: { index: 1, of: 1 },
    pinned: false,
    kept: true,
    reason: { code: 'earliest-fit' },
    ...over,
  };
}

function writes(blocks: PlannedBlock[], rows: BlockRow[], considered = rows.map(({ id }) => id)): string[] {
  return diffPlan({ blocks }, rows, new Set(considered), NOON).writes.map(
    ({ operation, blockId }) => `${operation} ${blockId}`,
  );
}

describe('the changes of a plan', () => {
  it('is nothing where every block is where it was', () => {
    expect(writes([block('a', 1)], [row('a', 1)])).toEqual([]);
  });

  it('is nothing of a meeting: neither its time, nor its title, nor with its task', () => {
    const meeting = { isMeeting: true, pinned: true };
    expect(writes([block('a', 3)], [row('a', 1, meeting)])).toEqual([]);
    expect(writes([], [row('a', 1, { ...meeting, live: false })])).toEqual([]);
    expect(writes([], [row('a', 1, { ...meeting, status: 'released' })])).toEqual([]);
    expect(writes([block('a', 1)], [row('a', 1, { ...meeting, title: 'Other' })])).toEqual([]);
  });

  it('is a move, an insert, a deletion', () => {
    expect(writes([block('a', 2), block('c', 3)], [row('a', 1), row('b', 5)])).toEqual([
      'delete b',
      'move a',
      'insert c',
    ]);
  });

  it('never touches a pinned block, or one that has begun', () => {
    expect(writes([], [row('a', 1, { pinned: true }), row('b', -0.5)])).toEqual([]);
    expect(writes([block('a', 2)], [row('a', 1, { pinned: true })])).toEqual([]);
  });

  it('is nothing for a block that is over, of which the plan knows', () => {
    const over = block('over', -3, { pinned: true });
    const { writes: changes, added } = diffPlan({ blocks: [over] }, [], new Set(['over']), NOON);
    expect([changes, added]).toEqual([[], []]);
  });

  it('leaves blocks alone that the plan did not look at', () => {
    expect(writes([], [row('a', 1)], [])).toEqual([]);
  });

  it('takes the future blocks of a task that is done, or gone, away, pinned or not', () => {
    expect(writes([], [row('a', 1, { live: false, pinned: true }), row('b', -0.5, { live: false })])).toEqual(
      ['delete a'],
    );
    expect(writes([], [row('a', 1, { status: 'released' })])).toEqual(['delete a']);
  });

  it('writes a new title, and moves nothing for it', () => {
    const [write, ...others] = diffPlan(
      { blocks: [block('a', 1)] },
      [row('a', 1, { title: 'Annual report' })],
      new Set(['a']),
      NOON,
    ).writes;
    expect(others).toEqual([]);
    expect(write).toMatchObject({ operation: 'move', before: write?.after });
  });

  it('inserts a block that an interrupted run had still to write, or drops it', () => {
    expect(writes([block('a', 1)], [row('a', 1, { status: 'planned' })])).toEqual(['insert a']);
    expect(
      diffPlan({ blocks: [] }, [row('a', 1, { status: 'planned' })], new Set(['a']), NOON),
    ).toMatchObject({ writes: [], dropped: ['a'] });
  });
});

describe('blocks of a plan that was made without regard to what is there', () => {
  it('take over the rows of their task, those at the same time first', () => {
    const named = nameBlocks(
      [block('x', 1), block('y', 3), block('z', 5)],
      [row('a', 3), row('b', 7), row('other', 1, { refId: 't2' })],
      new Set(),
      'UTC',
    );
    expect(named.slice(0, 2).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(named[2]?.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keep the name of what is over, though it has no row any more', () => {
    const over = block('over', -3, { pinned: true });
    const named = nameBlocks([over, block('a', 1)], [row('a', 1)], new Set(['over', 'a']), 'UTC');
    expect(named.map(({ id }) => id)).toEqual(['over', 'a']);
  });

  it('take over the row of their habit and day, by the clock of the workspace', () => {
    const habit = { kind: 'habit', refId: 'h1' } as const;
    const named = nameBlocks(
      // 23:30 of the day before in New York.
      [block('h1/2026-01-05', 16.5, habit)],
      [
        row('sixth', 18, { ...habit, habitDay: '2026-01-06' }),
        row('fifth', 10, { ...habit, habitDay: '2026-01-05' }),
      ],
      new Set(),
      'America/New_York',
    );
    expect(named.map(({ id }) => id)).toEqual(['fifth']);
  });

  it('take over no pinned row', () => {
    expect(nameBlocks([block('x', 1)], [row('a', 1, { pinned: true })], new Set(), 'UTC')[0]?.id).not.toBe(
      'a',
    );
  });
});
