import { describe, expect, it } from 'vitest';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, current, worldOf } from './world-of.ts';

const task = (id: string, overrides: object = {}) => ({ id, durationMinutes: 60, ...overrides });

describe('a plan made again', () => {
  const tasks = [task('a'), task('b', { durationMinutes: 240 }), task('c')];
  const before = plan(worldOf({ tasks }));

  it('moves nothing in a world that has not changed', () => {
    const again = plan(worldOf({ tasks, current: current(before) }));
    expect(agenda(again)).toEqual(agenda(before));
    expect(again.objective.moved).toBe(0);
    expect(again.blocks.every(({ kept, reason }) => kept && reason.code === 'kept')).toBe(true);
  });

  it('moves only what a new meeting lies on, and keeps its ID', () => {
    const hit = before.blocks.find(({ start }) => start >= at(5, '11:00'))!;
    const again = plan(worldOf({ tasks, current: current(before), busy: [[hit.start, hit.end]] }));
    const moved = again.blocks.filter(({ kept }) => !kept);
    expect(moved.map(({ id }) => id)).toEqual([hit.id]);
    expect(again.objective.moved).toBe((Date.parse(hit.end) - Date.parse(hit.start)) / 60_000);
  });

  it('leaves blocks where they are when earlier time becomes free', () => {
    const later = [{ id: 'x', kind: 'task', refId: 'a', start: at(6, '10:00'), end: at(6, '11:00') }];
    expect(agenda(plan(worldOf({ tasks: [task('a')], current: later })))).toEqual(['a 06 10:00–11:00']);
  });

  it('moves blocks where a deadline could not be met otherwise', () => {
    const input = worldOf({
      hours: { work: { mon: [['09:00', '10:00']], tue: [['09:00', '10:00']] } },
      tasks: [task('a'), task('urgent', { priority: 'low', deadline: at(5, '10:00') })],
      current: [{ id: 'x', kind: 'task', refId: 'a', start: at(5, '09:00'), end: at(5, '10:00') }],
      policy: { freezeMinutes: 0 },
    });
    const { blocks } = plan(input);
    expect(blocks.map(({ id, refId }) => [id, refId])).toEqual([
      ['urgent/1', 'urgent'],
      ['x', 'a'],
    ]);
    expect(blocks[1]?.reason).toEqual({ code: 'displaced-by', refId: 'urgent' });
  });

  it('leaves a block that starts within the freeze even where a deadline is missed by it', () => {
    const input = worldOf({
      hours: { work: { mon: [['09:00', '10:00']], tue: [['09:00', '10:00']] } },
      tasks: [task('a'), task('urgent', { priority: 'critical', deadline: at(5, '10:00') })],
      current: [{ id: 'x', kind: 'task', refId: 'a', start: at(5, '09:00'), end: at(5, '10:00') }],
    });
    expect(agenda(plan(input))).toEqual(['a 05 09:00–10:00', 'urgent 06 09:00–10:00']);
    expect(plan(input).blocks[0]?.reason).toEqual({ code: 'kept', because: 'frozen' });
  });

  it('moves a block within the freeze that a meeting was put over', () => {
    const input = worldOf({
      tasks: [task('a')],
      busy: [[at(5, '09:00'), at(5, '09:30')]],
      current: [{ id: 'x', kind: 'task', refId: 'a', start: at(5, '09:00'), end: at(5, '10:00') }],
    });
    expect(agenda(plan(input))).toEqual(['a 05 09:30–10:30']);
  });
});

describe('a full week', () => {
  const PRIORITIES = ['low', 'normal', 'high', 'critical'];
  const tasks = Array.from({ length: 30 }, (_, index) =>
    task(`t${index}`, {
      priority: PRIORITIES[index % 4],
      durationMinutes: 30 + 15 * (index % 5),
      deadline: at(5 + ((index * 7) % 5), '17:00'),
    }),
  );
  const before = plan(worldOf({ tasks }));

  it('loses little of its order to one new meeting', () => {
    const busy = [[at(7, '10:00'), at(7, '11:00')]];
    const anew = plan(worldOf({ tasks, busy }));
    const again = plan(worldOf({ tasks, busy, current: current(before) }));
    expect(again.objective.onTime).toBeGreaterThanOrEqual(anew.objective.onTime);
    expect(again.objective.moved).toBeLessThanOrEqual(6 * 60);
  });
});

describe('blocks of the last run that overlap', () => {
  it('are not both kept', () => {
    const at09 = { kind: 'task', start: at(5, '09:00'), end: at(5, '10:00') };
    const input = worldOf({
      tasks: [task('a'), task('b')],
      current: [
        { ...at09, id: 'x', refId: 'a' },
        { ...at09, id: 'y', refId: 'b' },
      ],
    });
    expect(agenda(plan(input))).toEqual(['a 05 09:00–10:00', 'b 05 10:00–11:00']);
  });
});

describe('pinned blocks', () => {
  const pin = (start: string, end: string) => [
    { id: 'p', kind: 'task', refId: 'a', start, end, pinned: true },
  ];

  it('stay over busy time, outside hours and off the grid, with a warning', () => {
    const input = worldOf({
      tasks: [task('a', { durationMinutes: 120 })],
      busy: [[at(5, '20:00'), at(5, '22:00')]],
      current: pin(at(5, '20:07'), at(5, '21:07')),
    });
    const found = plan(input);
    expect(agenda(found)).toEqual(['a 05 09:00–10:00', 'a 05 20:07–21:07']);
    expect(found.warnings).toEqual([{ code: 'pinned-over-busy', blockId: 'p' }]);
    expect(found.blocks.map(({ chunk }) => chunk)).toEqual([
      { index: 1, of: 2 },
      { index: 2, of: 2 },
    ]);
  });

  it('are the one block of a task that must not be split', () => {
    const input = worldOf({
      tasks: [task('a', { durationMinutes: 120, splittable: false })],
      current: pin(at(5, '09:00'), at(5, '10:00')),
    });
    const found = plan(input);
    expect(agenda(found)).toEqual(['a 05 09:00–10:00']);
    expect(found.unscheduled).toEqual([
      { refId: 'a', minutes: 60, reason: { code: 'one-block-only', placed: 60 } },
    ]);
  });

  it('are a block that has begun, pinned or not', () => {
    const input = worldOf({
      now: at(5, '09:20'),
      tasks: [task('a')],
      current: [{ id: 'x', kind: 'task', refId: 'a', start: at(5, '09:00'), end: at(5, '10:00') }],
    });
    expect(plan(input).blocks).toMatchObject([{ id: 'x', pinned: true, kept: true }]);
  });
});
