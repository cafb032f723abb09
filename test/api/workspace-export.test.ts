import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importWorkspace } from '../../services/tenancy/import-workspace.ts';
import { readArchive } from '../../services/tenancy/read-archive.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const TASKS = 3_000;

let api: TestApi;
let directory: string;

beforeAll(async () => {
  api = await startTestApi();
  directory = await mkdtemp(join(tmpdir(), 'almanac-api-export-'));
  await seedWorkspace(api.prisma, 'mine');
  await seedWorkspace(api.prisma, 'theirs');
  await api.prisma.workspace.createMany({
    data: ['large', 'copy'].map((id) => ({ id, timeZone: 'UTC' })),
  });
  await api.prisma.$executeRaw`
    insert into tasks (workspace_id, title, duration_minutes)
    select 'large', md5(n::text) || md5((-n)::text), 30 from generate_series(1, ${TASKS}::int) n`;
});
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true });
});

interface Download {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
}

/** Downloads an archive as a client of its own connection. With `cutAfter` it hangs up after so many bytes. */
async function download(
  workspaceId: string,
  { key = api.adminKey, cutAfter = Infinity, headers = {}, url = api.url } = {},
): Promise<Download> {
  const request = get(`${url}/api/v1/workspaces/${workspaceId}/export`, {
    agent: false,
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let bytes = Buffer.alloc(0);
  for await (const chunk of answer) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    if (bytes.length >= cutAfter) break;
  }
  request.destroy();
  return { status: answer.statusCode, headers: answer.headers, bytes };
}

/** Goes on after the bytes of a download, as soon as the server knows that it was cut off. */
async function goOn({ bytes, headers: { etag } }: Download, options: Parameters<typeof download>[1] = {}) {
  const headers = { range: `bytes=${bytes.length}-`, 'if-range': etag };
  return vi.waitFor(async () => {
    const rest = await download('large', { ...options, headers: { ...headers, ...options.headers } });
    expect(rest.status).not.toBe(429);
    return rest;
  }, 10_000);
}

const tagOf = (bytes: Buffer) => `"${createHash('sha256').update(bytes).digest('hex')}"`;

it('gives a key of the workspace its archive, and nothing of another one', async () => {
  const key = await api.createKey('mine');
  const { status, headers, bytes } = await download('mine', { key });
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  });
  const path = join(directory, 'mine.zip');
  await writeFile(path, bytes);
  const { manifest, lines } = await readArchive(path, ['tasks', 'calendar_events', 'schedule_writes']);
  expect(manifest.workspaceId).toBe('mine');
  expect(lines.get('tasks')).toHaveLength(2);
  expect(lines.get('schedule_writes')).toHaveLength(1);
  expect(String(lines.get('calendar_events'))).not.toContain('theirs');
  expect(await api.call('/api/v1/workspaces/theirs/export', { key })).toMatchObject({ status: 403 });
  expect(await api.call('/api/v1/workspaces/unknown/export')).toMatchObject({ status: 404 });
});

describe('a download that was cut off', () => {
  it('goes on where it was, with the same snapshot, and is whole', async () => {
    const key = await api.createKey('large');
    const first = await download('large', { key, cutAfter: 1 });
    const size = Number(first.headers['content-length']);
    expect(first.bytes.length).toBeLessThan(size);
    await api.prisma.task.create({
      data: { workspaceId: 'large', title: 'Meanwhile', durationMinutes: 30 },
    });
    const second = await goOn(first, { key, cutAfter: 1 });
    const soFar = Buffer.concat([first.bytes, second.bytes]);
    expect(second).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes ${first.bytes.length}-${size - 1}/${size}` },
    });
    const last = await goOn({ ...first, bytes: soFar }, { key });
    expect(last.status).toBe(206);
    const whole = Buffer.concat([soFar, last.bytes]);
    expect(tagOf(whole)).toBe(first.headers.etag);
    const path = join(directory, 'large.zip');
    await writeFile(path, whole);
    expect(await importWorkspace(api.prisma, 'copy', path)).toMatchObject({ rows: { tasks: TASKS } });
    const nothing = await goOn({ ...first, bytes: whole }, { key });
    expect(nothing).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${size}` } });
    expect(JSON.parse(String(nothing.bytes))).toMatchObject({ type: 'range-not-satisfiable' });
  });

  it('begins anew without the tag, and with one of a former archive', async () => {
    const first = await download('large', { cutAfter: 1 });
    const anew = await vi.waitFor(async () => {
      const whole = await download('large', { headers: { range: `bytes=${first.bytes.length}-` } });
      expect(whole.status).toBe(200);
      return whole;
    });
    expect(tagOf(anew.bytes)).toBe(anew.headers.etag);
    const again = await goOn(first);
    expect(again.status).toBe(200);
    expect(tagOf(again.bytes)).toBe(again.headers.etag);
    expect(again.headers.etag).not.toBe(first.headers.etag);
  });

  it('does not go on with the archive of another workspace', async () => {
    const first = await download('large', { cutAfter: 1 });
    const key = await api.createKey('mine');
    const headers = { range: 'bytes=10-', 'if-range': first.headers.etag! };
    expect((await download('large', { key, headers })).status).toBe(403);
    const own = await download('mine', { key, headers });
    expect(own.status).toBe(200);
    expect(own.headers.etag).not.toBe(first.headers.etag);
    expect((await goOn(first)).status).toBe(206);
  });

  it('begins anew when the archive is no longer kept, or another process has it', async () => {
    const brief = await startTestApi({ stack: api, dependencies: { archivesKeptForMs: 200 } });
    try {
      const { url, adminKey: key } = brief;
      const first = await download('large', { url, key, cutAfter: 1 });
      expect((await goOn(first)).status).toBe(200);
      await sleep(400);
      const anew = await goOn(first, { url, key });
      expect(anew.status).toBe(200);
      expect(tagOf(anew.bytes)).toBe(anew.headers.etag);
    } finally {
      await brief.close();
    }
  });
});

it('has a place for the next export when a client has gone before its archive was written', async () => {
  const key = await api.createKey('large');
  const started = vi.spyOn(api.database, '$transaction');
  await api.prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`lock table dead_letters in access exclusive mode`;
    const gone = get(`${api.url}/api/v1/workspaces/large/export`, {
      agent: false,
      headers: { authorization: `Bearer ${key}` },
    });
    const ended = once(gone, 'error');
    await vi.waitFor(() => expect(started).toHaveBeenCalled(), 5_000);
    expect((await download('large', { key })).status).toBe(429);
    gone.destroy();
    await ended;
  });
  await vi.waitFor(async () => expect((await download('large', { key })).status).toBe(200), 10_000);
});

it('removes archives that a killed process has left', async () => {
  const [left, fresh] = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'almanac-export-'))));
  await mkdir(join(left!, 'archive'));
  await utimes(left!, 0, 0);
  const next = await startTestApi({ stack: api });
  await next.close();
  await expect(access(left!)).rejects.toMatchObject({ code: 'ENOENT' });
  await access(fresh!);
  await rm(fresh!, { recursive: true });
});
