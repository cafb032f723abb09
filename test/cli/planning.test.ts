import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskFields } from '../../services/planning/task-fields.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { runCli } from '../support/run-cli.ts';

/** The example of a plan's input, as a file. */
const EXAMPLE = {
  timeZone: 'Europe/Berlin',
  now: '2026-01-05T08:00:00Z',
  days: 14,
  hours: { work: { mon: [['09:00', '12:00']] } },
  busy: [['2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z']],
  tasks: [{ id: 't1', title: 'Report', durationMinutes: 60 }],
};

let fixture: ClientFixture;
let env: Record<string, string>;
let folder: string;
beforeAll(async () => {
  fixture = await createClientFixture();
  env = { DATABASE_URL: fixture.url, TOKEN_ENCRYPTION_KEY: fixture.encryptionKey };
  await fixture.connect('acme');
  folder = await mkdtemp(join(tmpdir(), 'almanac-plan-'));
});
afterAll(async () => {
  await fixture.drop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function json(...args: string[]) {
  const { stdout, stderr, code } = await runCli([...args, '--json'], { env });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout);
}

describe('tasks', () => {
  it('are added, changed, listed, done and removed', { tags: ['slow'] }, async () => {
    const first = await json('task', 'add', 'acme', 'Report', '--duration', '240', '--priority', 'high');
    const second = await json(
      'task',
      'add',
      'acme',
      'Send it',
      '--duration',
      '15',
      '--after',
      first.id,
      '--no-split',
    );
    expect(second).toMatchObject({ after: [first.id], splittable: false, autoSchedule: true });
    const changed = ['--deadline', '2026-01-09T17:00', '--done', '60', '--max-chunk', '90', '--no-auto'];
    expect(await json('task', 'change', 'acme', first.id, ...changed)).toMatchObject({
      deadline: '2026-01-09T16:00:00Z',
      doneMinutes: 60,
      maxChunkMinutes: 90,
      autoSchedule: false,
      priority: 'high',
    });
    expect(await json('task', 'change', 'acme', first.id, '--deadline', 'none')).toMatchObject({
      deadline: null,
    });
    expect(await json('task', 'change', 'acme', second.id, '--after', 'none')).toMatchObject({ after: [] });

    const table = await runCli(['task', 'list', 'acme'], { env });
    expect(table.stdout).toMatch(/│ Report +│ high +│ 240 +│ 60 /);
    expect(await json('task', 'done', 'acme', first.id)).toMatchObject({ status: 'done' });
    expect(await json('task', 'list', 'acme')).toMatchObject([{ id: second.id }]);
    expect(await json('task', 'remove', 'acme', second.id)).toEqual({ removed: second.id });
    expect(await json('task', 'list', 'acme', '--all')).toMatchObject([{ id: first.id }]);
  });

  it('are imported from files whose fields the help names', async () => {
    const { stdout } = await runCli(['task', 'import', '--help'], { env });
    for (const field of ['id', ...Object.keys(taskFields.shape)]) expect(stdout).toContain(field);
  });

  it('are imported from a file, all or none', async () => {
    const path = await file('tasks.csv', 'id,title,durationMinutes\nx1,Write,60\nx2,Read,30\n');
    const first = await runCli(['task', 'import', 'acme', path], { env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('2 created, 0 changed, 0 unchanged.');
    expect(await json('task', 'import', 'acme', path)).toMatchObject({ created: 0, unchanged: 2 });

    const wrong = await file('wrong.csv', 'id,title,durationMinutes\nx3,New,60\nx4,,soon\n');
    const refused = await runCli(['task', 'import', 'acme', wrong], { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^Nothing was imported:\nline 3: durationMinutes must be a whole number/);
    expect(await fixture.prisma.task.count({ where: { sourceRef: 'x3' } })).toBe(0);
  });
});

it('habits are added, skipped, changed, listed and removed', async () => {
  const days = ['--rrule', 'FREQ=WEEKLY;BYDAY=MO,WE', '--duration', '45', '--min', '30'];
  const { id } = await json('habit', 'add', 'acme', 'Run', ...days, '--ideal', '07:30');
  expect(await json('habit', 'skip', 'acme', id, '--day', '2026-01-05')).toMatchObject({
    skippedDates: ['2026-01-05'],
  });
  expect(
    await json('habit', 'change', 'acme', id, '--ideal', 'none', '--preference', 'evening'),
  ).toMatchObject({
    idealTime: null,
    preference: 'evening',
    minMinutes: 30,
  });
  expect((await runCli(['habit', 'list', 'acme'], { env })).stdout).toMatch(/│ Run +│ normal +│ FREQ=WEEKLY/);
  await json('habit', 'remove', 'acme', id);
  expect(await json('habit', 'list', 'acme')).toEqual([]);
});

it('hours and policy are set and shown', async () => {
  const blocks = ['--block', '09:00-12:00', '--block', '13:00-17:00'];
  const hours = await json('hours', 'set', 'acme', '--type', 'work', '--day', 'mon,tue', ...blocks);
  expect(hours.work.tue).toEqual([
    ['09:00', '12:00'],
    ['13:00', '17:00'],
  ]);
  await json('hours', 'set', 'acme', '--type', 'work', '--day', 'fri', '--closed');
  expect((await json('hours', 'show', 'acme')).work.fri).toEqual([]);
  const policy = ['--buffer', '10', '--max-per-day', 'work=360', '--grid', '30', '--auto-apply'];
  await json('policy', 'set', 'acme', ...policy);
  expect(await json('policy', 'show', 'acme')).toMatchObject({
    bufferMinutes: 10,
    maxMinutesPerDay: { work: 360 },
    granularityMinutes: 30,
    autoApply: true,
  });
  const counts = [
    '--all-day',
    'free',
    '--tentative',
    'free',
    '--unanswered',
    'busy',
    '--out-of-office',
    'free',
  ];
  expect(await json('policy', 'set', 'acme', ...counts)).toMatchObject({
    allDay: 'free',
    tentative: 'free',
    unanswered: 'busy',
    outOfOffice: 'free',
  });
  const { stdout } = await runCli(['policy', 'show', 'acme'], { env });
  expect(stdout).toMatch(/all-day events\W+free/);
});

it('blocks are listed, pinned and let go', async () => {
  const task = await json('task', 'add', 'acme', 'Placed', '--duration', '60');
  const startAt = new Date(Date.now() + 3_600_000);
  const { id } = await fixture.prisma.scheduledBlock.create({
    data: {
      workspaceId: 'acme',
      kind: 'task',
      taskId: task.id,
      startAt,
      endAt: new Date(startAt.getTime() + 3_600_000),
      status: 'written',
    },
  });
  expect(await json('block', 'list', 'acme')).toMatchObject([{ id, title: 'Placed', pinned: false }]);
  expect(await json('block', 'pin', 'acme', id)).toMatchObject({ pinned: true, pinnedBecause: 'locked' });
  expect(await json('block', 'unpin', 'acme', id)).toMatchObject({ pinned: false });
});

describe('a usage error exits with 2 and changes nothing:', () => {
  it.each([
    [['task', 'add', 'acme', 'X'], "required option '--duration <minutes>' not specified"],
    [['task', 'add', 'acme', 'X', '--duration', '0'], 'It must be a whole number from 1 to'],
    [['task', 'add', 'acme', 'X', '--duration', '60', '--priority', 'urgent'], 'priority must be one of'],
    [['task', 'import', 'acme', '/nowhere.csv'], 'file must be a readable file'],
    [
      ['habit', 'add', 'acme', 'X', '--rrule', 'daily', '--duration', '30'],
      'rrule must be a recurrence rule',
    ],
    [['hours', 'set', 'acme', '--type', 'work', '--day', 'monday', '--closed'], 'must be some of mon, tue'],
    [['hours', 'set', 'acme', '--type', 'work', '--day', 'mon'], 'block must be given at least once'],
    [['policy', 'set', 'acme', '--max-per-day', 'work'], 'It must be a type and minutes'],
    [['policy', 'set', 'acme', '--all-day', 'maybe'], 'Allowed choices are busy, free.'],
    [['policy', 'set', 'acme', '--days', '3'], 'days must be a whole number from 7 to 90.'],
    [['block', 'pin', 'acme', 'x'], 'block must be a block UUID'],
  ])('%j', async (args, message) => {
    const before = await fixture.prisma.task.count();
    const result = await runCli(args, { env });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(await fixture.prisma.task.count()).toBe(before);
  });
});

describe('plan --input', () => {
  it('plans a file without a database, as an agenda or as JSON', async () => {
    const path = await file('plan.json', JSON.stringify(EXAMPLE));
    const agenda = await runCli(['plan', '--input', path]);
    expect(agenda).toMatchObject({ code: 0, stderr: '' });
    expect(agenda.stdout).toContain('Mon 5 Jan  1 h planned, 1 h busy, 1 h free\n  09:00–10:00  Report');
    expect(agenda.stdout).not.toContain('\u001B[');
    const { stdout } = await runCli(['plan', '--input', '-', '--json'], { input: JSON.stringify(EXAMPLE) });
    expect(JSON.parse(stdout)).toMatchObject({
      blocks: [{ refId: 't1', start: '2026-01-05T08:00:00Z', end: '2026-01-05T09:00:00Z', pinned: false }],
      unscheduled: [],
      objective: { onTime: 120, ceiling: 120 },
      applied: false,
    });
  });

  it.each<[string, string, string]>([
    [
      'a bad field',
      JSON.stringify({ ...EXAMPLE, tasks: [{ id: 't1' }] }),
      'tasks[0].durationMinutes must be a whole number from 1 to 100000.\n',
    ],
    [
      'a zone that is none',
      JSON.stringify({ ...EXAMPLE, timeZone: 'Mars' }),
      'timeZone must be an IANA time zone such as Europe/Berlin.\n',
    ],
    ['no JSON', '{', 'input must be JSON.\n'],
  ])('says what is wrong with %s in one sentence, and exits with 2', async (_what, content, sentence) => {
    const path = await file('wrong.json', content);
    expect(await runCli(['plan', '--input', path, '--json'])).toEqual({
      code: 2,
      stdout: '',
      stderr: sentence,
    });
  });
});
