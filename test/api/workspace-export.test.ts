import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readArchive } from '../../services/tenancy/read-archive.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

let api: TestApi;
let directory: string;

beforeAll(async () => {
  api = await startTestApi();
  directory = await mkdtemp(join(tmpdir(), 'almanac-api-export-'));
  await seedWorkspace(api.prisma, 'mine');
  await seedWorkspace(api.prisma, 'theirs');
});
afterAll(async () => {
  await api.close();
  await rm(directory, { recursive: true });
});

it('gives a key of the workspace its archive, and nothing of another one', async () => {
  const key = await api.createKey('mine');
  const answer = await fetch(`${api.url}/api/v1/workspaces/mine/export`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/zip');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
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
