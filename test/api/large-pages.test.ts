import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { API_ROLE } from '../../prisma/database-logins.ts';
import { createTestDatabase, databaseAs, type TestDatabase } from '../support/database.ts';
import { spawnCli } from '../support/run-cli.ts';

const EVENTS = 1_000;
const EVENT_BYTES = 50_000;
const READERS = 4;
/** Node's own heap limit in a container of 512 MB. */
const HEAP_MEGABYTES = 256;
/** Below this a neighbour notices nothing, however quick answers are otherwise. */
const UNNOTICED_MS = 500;

let database: TestDatabase;
let directory: string;
let url: string;
let child: Awaited<ReturnType<typeof spawnCli>>;
let keys: { acme: string; beta: string };
let log = '';

beforeAll(async () => {
  [database, directory] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'almanac-api-'))]);
  const { prisma } = database;
  for (const id of ['acme', 'beta']) await prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
  await prisma.$executeRaw`
    insert into calendar_changes (workspace_id, position, calendar_id, google_event_id, operation, resource)
    select 'acme', n, gen_random_uuid(), 'event-' || n, 'insert',
      jsonb_build_object('summary', 'Event ' || n, 'description', string_agg(md5(n || ' ' || part), ''))
    from generate_series(1, ${EVENTS}::int) n, generate_series(1, ${EVENT_BYTES}::int / 32) part
    group by n`;
  await prisma.$executeRaw`
    insert into calendar_change_positions (workspace_id, last_position) values ('acme', ${EVENTS}::bigint)`;
  const keyOf = async (workspaceId: string) =>
    (await createApiKey({ database: prisma, now: () => new Date() }, { name: 'test', workspaceId })).key;
  keys = { acme: await keyOf('acme'), beta: await keyOf('beta') };

  const [port, nobody] = await Promise.all([getPort(), getPort()]);
  url = `http://127.0.0.1:${port}/api/v1/workspaces`;
  child = await spawnCli(['api'], directory, {
    DATABASE_URL: await databaseAs(database.prisma, API_ROLE),
    TEMPORAL_ADDRESS: `127.0.0.1:${nobody}`,
    TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
    API_PORT: String(port),
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}`,
  });
  child.stderr.on('data', (chunk) => (log += chunk));
  child.stdout.on('data', (chunk) => (log += chunk));
  while (!log.includes('API started')) await once(child.stdout, 'data');
});
afterAll(async () => {
  child.kill('SIGKILL');
  await database.drop();
  await rm(directory, { recursive: true });
});

async function readAll(): Promise<{ ids: Set<string>; bytes: number; largest: number }> {
  const ids = new Set<string>();
  let [after, more, bytes, largest] = ['0', true, 0, 0];
  while (more) {
    const answer = await fetch(`${url}/acme/changes?limit=1000&after=${after}`, {
      headers: { authorization: `Bearer ${keys.acme}` },
    });
    if (answer.status === 429 || answer.status === 503) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await answer.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const page = JSON.parse(text) as {
      changes: { googleEventId: string; event: { description: string } }[];
      cursor: string;
      more: boolean;
    };
    for (const { googleEventId, event } of page.changes) {
      expect(event.description.length).toBeGreaterThan(EVENT_BYTES - 100);
      ids.add(googleEventId);
    }
    bytes += text.length;
    largest = Math.max(largest, text.length);
    ({ cursor: after, more } = page);
  }
  return { ids, bytes, largest };
}

/** How long 99 of a hundred answers to a neighbour take at most. */
async function neighbour(isOver: () => boolean): Promise<number> {
  const times: number[] = [];
  while (!isOver() || times.length < 100) {
    const askedAt = performance.now();
    const answer = await fetch(`${url}/beta/changes`, { headers: { authorization: `Bearer ${keys.beta}` } });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    times.push(performance.now() - askedAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}

describe('a change log of large events', () => {
  it('is delivered to all clients that read it at once, without slowing down a neighbour', async () => {
    const quiet = await neighbour(() => true);
    let over = false;
    const reading = Promise.all(Array.from({ length: READERS }, readAll)).finally(() => (over = true));
    const [reads, slowest] = await Promise.all([reading, neighbour(() => over)]);
    for (const { ids, bytes, largest } of reads) {
      expect(ids.size).toBe(EVENTS);
      expect(bytes).toBeGreaterThan(EVENTS * (EVENT_BYTES - 100));
      expect(largest).toBeLessThan(5 * 1_024 * 1_024);
    }
    expect(slowest).toBeLessThan(Math.max(3 * quiet, UNNOTICED_MS));
    expect(child.exitCode).toBeNull();
    expect(log).not.toContain('heap');
  });
});
