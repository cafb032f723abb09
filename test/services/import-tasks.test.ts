import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importTasks } from '../../services/planning/import-tasks.ts';
import { type RowProblem, TaskFileError } from '../../services/planning/read-task-rows.ts';
import { changeTask, listTasks } from '../../services/planning/tasks.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
  await fixture.connect('acme');
});
afterAll(() => fixture.drop());
beforeEach(() => fixture.prisma.task.deleteMany());

const csv = (...lines: string[]) => importTasks(fixture.prisma, 'acme', lines.join('\n'), 'csv');
const json = (value: unknown) => importTasks(fixture.prisma, 'acme', JSON.stringify(value), 'json');
const tasks = () => listTasks(fixture.prisma, 'acme');

async function problemsOf(importing: Promise<unknown>): Promise<readonly RowProblem[]> {
  const error: unknown = await importing.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TaskFileError);
  return (error as TaskFileError).problems;
}

describe('an import', () => {
  it('reads CSV as spreadsheets write it: byte-order mark, quotes, empty cells', async () => {
    const report = await csv(
      '\uFEFFid,title,durationMinutes,priority,splittable,deadline,after',
      't2,"Write, then ""read""",90,high,no,2026-01-09,t1',
      '',
      't1,"Two',
      'lines",30,,,,',
    );
    expect(report).toMatchObject({ created: 2, changed: 0, unchanged: 0 });
    const [second, first] = await tasks();
    expect(second).toMatchObject({
      title: 'Write, then "read"',
      durationMinutes: 90,
      priority: 'high',
      splittable: false,
      deadline: '2026-01-09T23:00:00Z',
      after: [first?.id],
    });
    expect(first).toMatchObject({
      title: 'Two\nlines',
      priority: 'normal',
      splittable: true,
      sourceRef: 't1',
    });
  });

  it('reads JSON, as a list or in the shape of a plan', async () => {
    const list = [{ id: 't1', title: 'Report', durationMinutes: 60, autoSchedule: false }];
    expect(await json(list)).toMatchObject({ created: 1 });
    expect(await json({ tasks: list })).toMatchObject({ unchanged: 1 });
    expect(await tasks()).toMatchObject([{ title: 'Report', autoSchedule: false }]);
  });

  it('changes nothing the second time', async () => {
    const rows = ['id,title,durationMinutes,doneMinutes,after', 'a,A,60,15,', 'b,B,60,,a'];
    await csv(...rows);
    const before = await fixture.prisma.task.findMany({
      omit: { updatedAt: true },
      include: { after: true },
    });
    expect(await csv(...rows)).toMatchObject({ created: 0, changed: 0, unchanged: 2 });
    const after = await fixture.prisma.task.findMany({ omit: { updatedAt: true }, include: { after: true } });
    expect(after).toEqual(before);
  });

  it('changes what differs, and leaves alone what a row does not give', async () => {
    await csv('id,title,durationMinutes', 'a,A,60', 'b,B,60');
    const [a] = await tasks();
    await changeTask(fixture.prisma, 'acme', a!.id, { priority: 'critical' });
    const report = await csv('id,durationMinutes', 'a,90', 'b,60');
    expect(report.tasks.map(({ ref, outcome }) => [ref, outcome])).toEqual([
      ['a', 'changed'],
      ['b', 'unchanged'],
    ]);
    expect((await tasks())[0]).toMatchObject({ title: 'A', durationMinutes: 90, priority: 'critical' });
  });
});

describe('a file that is wrong imports nothing', () => {
  it('and every problem is named by line and field', async () => {
    const problems = await problemsOf(
      csv(
        'id,title,durationMinutes,priority',
        'a,A,60,high',
        'b,,zero,urgent',
        'a,Again,60,low',
        ',No ID,60,low',
      ),
    );
    expect(problems.map(({ row, field }) => [row, field])).toEqual([
      [3, 'priority'],
      [3, 'durationMinutes'],
      [4, 'id'],
      [5, 'id'],
    ]);
    expect(await tasks()).toEqual([]);
  });

  it.each<[string, string[], RowProblem]>([
    [
      'a new task without a title',
      ['id,durationMinutes', 'a,60'],
      { row: 2, field: 'title', rule: 'must be given for a new task' },
    ],
    [
      'hours that are not there',
      ['id,title,durationMinutes,hours', 'a,A,60,deep'],
      { row: 2, field: 'hours', rule: expect.stringContaining('must be work') as string },
    ],
    [
      'a task it waits for that is not there',
      ['id,title,durationMinutes,after', 'a,A,60,z'],
      { row: 2, field: 'after', rule: 'names "z", which is not a task of this or an earlier import' },
    ],
    [
      'a circle',
      ['id,title,durationMinutes,after', 'a,A,60,b', 'b,B,60,a'],
      {
        row: 3,
        field: 'after',
        rule: expect.stringContaining('would make the task wait for itself') as string,
      },
    ],
    [
      'a column that is no field',
      ['id,title,durationMinutes,colour', 'a,A,60,red'],
      { row: 2, field: 'colour', rule: expect.stringContaining('is not a field of a task') as string },
    ],
    [
      'a row with a cell too many',
      ['id,title,durationMinutes', 'a,A,60', 'b,B,60,x'],
      { row: 3, field: null, rule: 'must have as many cells as the first line' },
    ],
    [
      'a number that is not in decimal digits',
      ['id,title,durationMinutes', 'a,A,0x3C'],
      {
        row: 2,
        field: 'durationMinutes',
        rule: expect.stringContaining('must be a whole number of minutes') as string,
      },
    ],
    [
      'an open quotation mark',
      ['id,title,durationMinutes', 'a,"A,60'],
      { row: 2, field: null, rule: expect.stringContaining('quotation mark') as string },
    ],
  ])('for %s', async (_what, lines, problem) => {
    expect(await problemsOf(csv(...lines))).toEqual([problem]);
    expect(await tasks()).toEqual([]);
  });

  it('when it is no JSON, no list, or holds no task', async () => {
    const read = (text: string) => problemsOf(importTasks(fixture.prisma, 'acme', text, 'json'));
    expect(await read('{')).toMatchObject([{ rule: 'must be valid JSON' }]);
    expect(await read('{"task": []}')).toMatchObject([
      { rule: expect.stringContaining('must be in a list') },
    ]);
    expect(await read('[1]')).toEqual([{ row: 1, field: null, rule: 'must be an object' }]);
    expect(await read('[{"id":"a","title":"A","durationMinutes":"60"}]')).toMatchObject([
      { row: 1, field: 'durationMinutes' },
    ]);
  });

  it('and the rows that were right are taken back', async () => {
    await csv('id,title,durationMinutes', 'a,A,60');
    await problemsOf(csv('id,title,durationMinutes,hours', 'a,Changed,60,', 'b,B,60,deep'));
    expect(await tasks()).toMatchObject([{ title: 'A' }]);
  });
});
