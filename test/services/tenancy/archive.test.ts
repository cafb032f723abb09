import { randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PRIORITIES } from '../../../contracts/limits.ts';
import { addPermit } from '../../../services/availability/permits.ts';
import { AlreadyExistsError, InvalidInputError } from '../../../services/errors.ts';
import { createHabit, listHabits, skipHabit } from '../../../services/planning/habits.ts';
import { setHours, showHours } from '../../../services/planning/hours.ts';
import { setPolicy, showPolicy } from '../../../services/planning/policy.ts';
import { createTask, listTasks, setTaskDone } from '../../../services/planning/tasks.ts';
import { beginDeletion } from '../../../services/tenancy/begin-deletion.ts';
import { deleteRows } from '../../../services/tenancy/delete-rows.ts';
import { exportWorkspace } from '../../../services/tenancy/export-workspace.ts';
import { importWorkspace } from '../../../services/tenancy/import-workspace.ts';
import { parseArchive, RESTORED_TABLES } from '../../../services/tenancy/parse-archive.ts';
import { readArchive } from '../../../services/tenancy/read-archive.ts';
import { createWorkspace, readWorkspace } from '../../../services/workspaces.ts';
import type { Database } from '../../../prisma/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { seedWorkspace } from '../../support/seed-workspace.ts';

let test: TestDatabase;
let database: Database;
let directory: string;
beforeAll(async () => {
  test = await createTestDatabase();
  database = test.prisma;
  directory = await mkdtemp(join(tmpdir(), 'almanac-archive-'));
});
afterAll(async () => {
  await test.drop();
  await rm(directory, { recursive: true });
});

let archives = 0;

async function exported(workspaceId: string): Promise<string> {
  archives += 1;
  const path = join(directory, `${archives}.zip`);
  await exportWorkspace(database, workspaceId, createWriteStream(path));
  return path;
}

const create = (id: string = randomUUID()) => createWorkspace(database, { id, timeZone: 'Europe/Berlin' });

async function erase(workspaceId: string): Promise<void> {
  await beginDeletion(database, { workspaceId });
  await deleteRows(database, workspaceId, new AbortController().signal);
}

/** Everything that an import restores, as the API shows it. Items are named by their place instead of their IDs. */
async function shown(workspaceId: string): Promise<string> {
  const [tasks, habits] = [
    await listTasks(database, workspaceId, { all: true }),
    await listHabits(database, workspaceId),
  ];
  const { id: _id, createdAt: _createdAt, ...workspace } = await readWorkspace(database, workspaceId);
  const text = JSON.stringify({
    workspace,
    tasks: tasks.map((task) => ({
      ...task,
      after: task.after.map((id) => tasks.findIndex((one) => one.id === id)).toSorted((a, b) => a - b),
    })),
    habits,
    hours: await showHours(database, workspaceId),
    policy: await showPolicy(database, workspaceId),
    permits: await database.availabilityPermit.findMany({
      where: { workspaceId },
      select: { readerId: true },
      orderBy: { readerId: 'asc' },
    }),
  });
  return [...tasks, ...habits]
    .reduce((said, { id }, index) => said.replaceAll(id, `#${index}`), text)
    .replaceAll(workspaceId, 'workspace');
}

const title = fc
  .string({ minLength: 1, maxLength: 30 })
  .map((text) => `${text.replaceAll(/\p{Cc}|\p{Cs}/gu, '')}.`);
const content = fc.record({
  tasks: fc.array(
    fc.record({
      title,
      durationMinutes: fc.integer({ min: 5, max: 600 }),
      priority: fc.constantFrom(...PRIORITIES),
      deadline: fc.constantFrom(null, '2026-12-24', '2027-03-01T10:00:00Z'),
      after: fc.array(fc.nat({ max: 7 }), { maxLength: 3 }),
      isDone: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  habits: fc.array(
    fc.record({
      title,
      rrule: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE'),
      isNext: fc.boolean(),
      skips: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  bufferMinutes: fc.integer({ min: 0, max: 240 }),
  blocks: fc.constantFrom<string[]>([], ['09:00-12:00'], ['22:00-02:00']),
  readers: fc.uniqueArray(fc.constantFrom('one', 'two', 'three')),
});

type Content = typeof content extends fc.Arbitrary<infer Made> ? Made : never;

async function furnish(workspaceId: string, { tasks, habits, bufferMinutes, blocks, readers }: Content) {
  await setHours(database, workspaceId, { type: 'deep', days: ['mon', 'sun'], blocks });
  await setPolicy(database, workspaceId, {
    bufferMinutes,
    tentative: 'free',
    maxMinutesPerDay: { deep: 90 },
  });
  for (const reader of readers) await addPermit(database, workspaceId, reader);
  const made: string[] = [];
  for (const { after, isDone, ...fields } of tasks) {
    const earlier = after.flatMap((index) => made[index] ?? []);
    const { id } = await createTask(database, workspaceId, {
      ...fields,
      after: [...new Set(earlier)],
      hours: 'deep',
    });
    if (isDone) await setTaskDone(database, workspaceId, id, true);
    made.push(id);
  }
  let last: string | null = null;
  for (const { isNext, skips, ...fields } of habits) {
    const habit = { ...fields, durationMinutes: 30, startDate: '2026-12-01', after: isNext ? last : null };
    const { id } = await createHabit(database, workspaceId, habit);
    if (skips) await skipHabit(database, workspaceId, id, { day: '2026-12-07' });
    last = id;
  }
}

describe('an archive', () => {
  it(
    'restores what a workspace has, under another ID as well as under its own',
    { tags: ['slow'], timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(content, async (made) => {
          const { id } = await create();
          await furnish(id, made);
          const before = await shown(id);
          const path = await exported(id);
          const { id: other } = await create();
          await importWorkspace(database, other, path);
          expect(await shown(other)).toBe(before);
          const ids = (await listTasks(database, id, { all: true })).map((task) => task.id);
          await erase(id);
          await create(id);
          await importWorkspace(database, id, path);
          expect(await shown(id)).toBe(before);
          expect((await listTasks(database, id, { all: true })).map((task) => task.id)).toEqual(ids);
        }),
        { numRuns: 12, seed: 7 },
      );
    },
  );

  it('has every row of the tables in it, and no secret', async () => {
    const { calendarId, taskId } = await seedWorkspace(database, 'seeded');
    await database.calendarAuthToken.updateMany({
      where: { workspaceId: 'seeded' },
      data: { refreshToken: new TextEncoder().encode('sealed-token'), keyId: 'key-of-tokens' },
    });
    const path = await exported('seeded');
    const { manifest, lines } = await readArchive(path, [
      'tasks',
      'calendars',
      'calendar_auth_tokens',
      'calendar_events',
    ]);
    const rowsOf = Object.fromEntries(manifest.members.map(({ name, rows }) => [name, rows]));
    expect(rowsOf).toMatchObject({
      'tables/tasks.jsonl': 2,
      'tables/calendar_events.jsonl': 1,
      'tables/calendar_changes.jsonl': 1,
      [`calendars/${calendarId}.ics`]: expect.any(Number) as number,
    });
    expect(lines.get('tasks')?.map((line) => JSON.parse(line).id)).toContain(taskId);
    const accounts = String(lines.get('calendar_auth_tokens'));
    expect(accounts).toContain('seeded@example.com');
    for (const secret of ['token"', 'key_id', Buffer.from('sealed-token').toString('hex')])
      expect(accounts).not.toContain(secret);
    expect(Object.keys(rowsOf).filter((name) => /api_keys|feeds|attempts|channels/.test(name))).toEqual([]);
  });

  it('restores blocks to come as planned, without their events in Google', async () => {
    const { id } = await create();
    const task = await createTask(database, id, { title: 'Write', durationMinutes: 60 });
    const block = (startAt: string, fields = {}) => ({
      workspaceId: id,
      kind: 'task',
      taskId: task.id,
      startAt: new Date(startAt),
      endAt: new Date(Date.parse(startAt) + 3_600_000),
      status: 'written',
      googleEventId: startAt,
      ...fields,
    });
    await database.scheduledBlock.createMany({
      data: [
        block('2036-12-01T09:00:00Z', { pinnedBecause: 'moved' }),
        block('2016-12-01T09:00:00Z'),
        block('2036-12-02T09:00:00Z', { status: 'declined' }),
        block('2036-12-03T09:00:00Z', { pinnedBecause: 'meeting' }),
      ],
    });
    const path = await exported(id);
    const { id: other } = await create();
    expect(await importWorkspace(database, other, path)).toMatchObject({
      rows: { tasks: 1, scheduled_blocks: 1 },
    });
    expect(await database.scheduledBlock.findMany({ where: { workspaceId: other } })).toMatchObject([
      {
        startAt: new Date('2036-12-01T09:00:00Z'),
        status: 'planned',
        pinnedBecause: 'moved',
        googleEventId: null,
      },
    ]);
  });

  it('shows one snapshot, whatever is written meanwhile', async () => {
    const { id } = await create();
    await createTask(database, id, { title: 'Before', durationMinutes: 30 });
    const path = join(directory, 'snapshot.zip');
    const file = createWriteStream(path);
    let isFirst = true;
    const slow = new Writable({
      write(chunk, encoding, done) {
        const added = isFirst ? createTask(database, id, { title: 'Meanwhile', durationMinutes: 30 }) : null;
        isFirst = false;
        void Promise.resolve(added).then(() => file.write(chunk, encoding, done));
      },
      final: (done) => file.end(done),
    });
    await exportWorkspace(database, id, slow);
    const { lines } = await readArchive(path, ['tasks']);
    expect(lines.get('tasks')).toHaveLength(1);
    expect(await listTasks(database, id)).toHaveLength(2);
  });

  it('fails as a whole when Postgres goes away while it is written', async () => {
    const { id } = await create();
    await database.$transaction(async (transaction) => {
      await transaction.$executeRaw`lock table dead_letters in access exclusive mode`;
      const failed = expect(exported(id)).rejects.toThrow();
      await vi.waitFor(async () => {
        const ended = await database.$queryRaw<unknown[]>`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        expect(ended).toHaveLength(1);
      }, 5_000);
      await failed;
    });
  });

  it('is refused where the workspace is not empty', async () => {
    const { id } = await create();
    const path = await exported(id);
    await createTask(database, id, { title: 'Mine', durationMinutes: 30 });
    await expect(importWorkspace(database, id, path)).rejects.toThrow(AlreadyExistsError);
  });

  it('is refused when any byte of it has changed, and then nothing is restored', async () => {
    const { id } = await create();
    // Content that does not compress, so that it is most of the archive.
    const titles = Array.from({ length: 40 }, () => randomBytes(60).toString('base64'));
    for (const text of titles) await createTask(database, id, { title: text, durationMinutes: 30 });
    const whole = await readFile(await exported(id));
    const { id: other } = await create();
    const path = join(directory, 'damaged.zip');
    const damaged = [whole.subarray(0, whole.length / 2), Buffer.from('no archive'), Buffer.alloc(0)];
    for (let at = 40; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const copy = Buffer.from(whole);
      copy[at] = copy[at]! ^ 0x55;
      damaged.push(copy);
    }
    let refused = 0;
    for (const bytes of damaged) {
      await writeFile(path, bytes);
      try {
        const { lines } = await readArchive(path, RESTORED_TABLES);
        // A byte that says nothing about the content, such as a time in the directory.
        expect(parseArchive(lines).tasks).toHaveLength(titles.length);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
        await expect(importWorkspace(database, other, path)).rejects.toThrow(InvalidInputError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(damaged.length / 2);
    expect(await listTasks(database, other)).toEqual([]);
  }, 30_000);
});

describe('the rows of an archive', () => {
  const task = (fields = {}) =>
    JSON.stringify({
      id: '00000000-0000-4000-8000-000000000001',
      title: 'Write',
      priority: 'normal',
      duration_minutes: 30,
      done_minutes: 0,
      done_stated_at: '2026-12-01T09:00:00+00:00',
      splittable: true,
      min_chunk_minutes: 30,
      max_chunk_minutes: 120,
      earliest_start: null,
      deadline: null,
      hours: 'work',
      auto_schedule: true,
      status: 'open',
      source_ref: null,
      created_at: '2026-12-01T09:00:00+00:00',
      ...fields,
    });
  const [one, two] = [1, 2].map((index) => `00000000-0000-4000-8000-00000000000${index}`);
  const workspace = '{"time_zone":"UTC","event_detail":"minimal","writing":false}';
  const edge = (from: unknown, to: unknown) => JSON.stringify({ task_id: from, after_task_id: to });
  const refusal = (tables: Record<string, string[]>) => {
    try {
      parseArchive(new Map(Object.entries({ workspaces: [workspace], ...tables })));
      return null;
    } catch (error) {
      return (error as InvalidInputError).field;
    }
  };

  it('are checked before anything is written', () => {
    expect(refusal({ tasks: [task(), task({ id: two })], task_dependencies: [edge(one, two)] })).toBeNull();
    expect(refusal({ tasks: [task(), task({ title: '' })] })).toBe('tables/tasks.jsonl:2');
    expect(refusal({ tasks: ['{'] })).toBe('tables/tasks.jsonl:1');
    expect(refusal({ tasks: [task({ min_chunk_minutes: 240 })] })).toBe('tables/tasks.jsonl:1');
    expect(refusal({ task_dependencies: [edge(one, two)] })).toBe('tables/task_dependencies.jsonl:1');
    const circle = {
      tasks: [task(), task({ id: two })],
      task_dependencies: [edge(one, two), edge(two, one)],
    };
    expect(refusal(circle)).toBe('tables/task_dependencies.jsonl');
    expect(refusal({ workspaces: [] })).toBe('tables/workspaces.jsonl');
  });
});
