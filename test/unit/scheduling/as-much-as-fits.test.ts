import { describe, expect, it } from 'vitest';
import { fillSlots } from '../../../scheduling/chunks.ts';
import { plan } from '../../../scheduling/index.ts';
import { agenda, at, current, worldOf } from './world-of.ts';

type Hours = [string, string][];
const NINE_AND_ELEVEN: Hours = [
  ['09:00', '10:00'],
  ['11:00', '12:00'],
];
const hours = (mon: Hours, tue: Hours = []) => ({ work: { mon, tue } });
const report = (durationMinutes: number, minChunkMinutes: number, maxChunkMinutes = 120) => ({
  id: 'report',
  durationMinutes,
  minChunkMinutes,
  maxChunkMinutes,
});

describe('a task of which not all fits', () => {
  it('has every gap that a chunk fits into, though the rest could not be divided', () => {
    const found = plan(worldOf({ hours: hours(NINE_AND_ELEVEN, NINE_AND_ELEVEN), tasks: [report(150, 60)] }));
    expect(agenda(found)).toEqual(['report 05 09:00–10:00', 'report 05 11:00–12:00']);
    expect(found.objective.onTime).toBe(240);
    expect(found.unscheduled).toEqual([
      { refId: 'report', minutes: 30, reason: { code: 'too-short', shortest: 60 } },
    ]);
  });

  it('has the larger gaps where the number of chunks is limited by the shortest', () => {
    const gaps: Hours = [
      ['09:00', '10:00'],
      ['11:00', '12:00'],
      ['13:00', '14:20'],
    ];
    const found = plan(worldOf({ hours: hours(gaps), tasks: [report(150, 60)] }));
    expect(agenda(found)).toEqual(['report 05 09:00–10:00', 'report 05 13:00–14:20']);
  });

  it('leaves room in a long gap for chunks in shorter ones', () => {
    const gaps: Hours = [
      ['09:00', '10:40'],
      ['11:00', '12:10'],
      ['13:00', '14:00'],
    ];
    const found = plan(worldOf({ hours: hours(gaps), tasks: [report(200, 60)] }));
    expect(found.unscheduled).toEqual([]);
    expect(found.objective).toMatchObject({ onTime: 400, blocks: 3 });
  });

  it('has the time before its deadline in chunks, and what is left after it', () => {
    const gaps = hours(NINE_AND_ELEVEN, [['09:00', '10:30']]);
    const tasks = [{ ...report(210, 60), deadline: at(5, '17:00') }];
    const found = plan(worldOf({ hours: gaps, tasks }));
    expect(found.objective).toMatchObject({ onTime: 240, late: 180 });
    expect(found.unscheduled).toEqual([]);
  });

  it('keeps what it has when it is planned again', () => {
    const input = worldOf({ hours: hours(NINE_AND_ELEVEN), tasks: [report(150, 60)] });
    const before = plan(input);
    const again = plan({ ...input, current: current(before) });
    expect(agenda(again)).toEqual(agenda(before));
    expect(again.unscheduled).toEqual(before.unscheduled);
  });

  it('has minutes under a limit a day in chunks of that length', () => {
    const input = worldOf({
      tasks: [report(150, 60, 90)],
      policy: { maxMinutesPerDay: { work: 60 } },
      hours: hours([['09:00', '17:00']], [['09:00', '17:00']]),
    });
    expect(agenda(plan(input))).toEqual(['report 05 09:00–10:00', 'report 06 09:00–10:00']);
  });
});

describe('fillSlots', () => {
  it('keeps the shortest length for every slot that follows', () => {
    expect(fillSlots(200, [100, 70, 60], { least: 60, most: 120, remainder: false })).toEqual([80, 60, 60]);
    expect(fillSlots(200, [60, 60, 70], { least: 60, most: 120, remainder: false })).toEqual([60, 60, 70]);
  });
});

describe('minutes that are no multiple of five', () => {
  it('are done but for the rest, which nothing complains of', () => {
    const found = plan(worldOf({ tasks: [{ id: 'call', durationMinutes: 52 }] }));
    expect(agenda(found)).toEqual(['call 05 09:00–09:50']);
    expect(found.unscheduled).toEqual([]);
    const worked = plan(worldOf({ tasks: [{ id: 'call', durationMinutes: 60, doneMinutes: 57 }] }));
    expect(worked.unscheduled).toEqual([]);
  });

  it('hold up nothing that waits for them', () => {
    const tasks = [
      { id: 'call', durationMinutes: 52 },
      { id: 'notes', durationMinutes: 30, after: ['call'] },
    ];
    expect(agenda(plan(worldOf({ tasks })))).toEqual(['call 05 09:00–09:50', 'notes 05 10:00–10:30']);
  });

  it('are named where they are a whole task', () => {
    const found = plan(worldOf({ tasks: [{ id: 'call', durationMinutes: 3 }] }));
    expect(found.unscheduled).toEqual([
      { refId: 'call', minutes: 3, reason: { code: 'too-short', shortest: 5 } },
    ]);
  });
});
