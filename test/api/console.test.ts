import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';

const PAGE = '<!doctype html><title>Console</title>';

let folder: string;
let api: TestApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'almanac-console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'icon.svg'), '<svg/>');
  const script = join(folder, 'assets', 'main-abc.js');
  await writeFile(script, 'export {}');
  await writeFile(`${script}.br`, brotliCompressSync('export {}'));
  await writeFile(`${script}.gz`, gzipSync('export {}'));
  api = await startTestApi({ dependencies: { consoleFolder: folder } });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const get = (path: string) => api.call(path, { key: null });

describe('the console', () => {
  it.each(['/', '/console'])('is where %s leads', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/']);
  });

  it.each(['', 'index.html', 'workspaces/acme', 'sign-in', 'no-such-file.js', 'a/../../../package.json'])(
    'is one page at every path: /console/%s',
    async (path) => {
      const answer = await get(`/console/${path}`);
      expect(answer).toMatchObject({ status: path.includes('..') ? 404 : 200 });
      if (answer.status !== 200) return;
      expect(answer.body).toBe(PAGE);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('runs its own code only, and in no frame', async () => {
    const { headers } = await get('/console/');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('keeps files for ever whose names change with their content, and asks about others', async () => {
    const asset = await get('/console/assets/main-abc.js');
    expect(asset).toMatchObject({ status: 200, body: 'export {}' });
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const icon = await get('/console/icon.svg');
    expect(icon.headers.get('content-type')).toBe('image/svg+xml');
    expect(icon.headers.get('cache-control')).toBe('no-cache');
    expect(icon.headers.has('etag')).toBe(true);
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('sends to who accepts %s the file that is compressed so', async (accepted, encoding) => {
    const headers = { 'accept-encoding': accepted };
    const asset = await api.call('/console/assets/main-abc.js', { key: null, headers });
    expect(asset).toMatchObject({ status: 200, body: 'export {}' });
    expect(asset.headers.get('content-encoding')).toBe(encoding);
    expect(asset.headers.get('content-type')).toBe('application/javascript; charset=utf-8');
    expect(asset.headers.get('vary')?.toLowerCase()).toContain('accept-encoding');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    // A file without compressed forms.
    const page = await api.call('/console/', { key: null, headers });
    expect(page.body).toBe(PAGE);
    expect(page.headers.get('content-encoding')).toBeNull();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it.each([
    'assets/gone.js',
    'assets/',
    'assets/..',
    'assets/..%2findex.html',
    'assets/..%2f..%2f..%2fetc%2fpasswd',
  ])('has no file %s', async (path) => {
    const answer = await get(`/console/${path}`);
    expect(answer.status === 404 || answer.body === PAGE).toBe(true);
    expect(answer.headers.get('cache-control') ?? '').not.toContain('immutable');
  });

  it('says what to do where it is not built', async () => {
    const bare = await startTestApi({ stack: api, dependencies: { consoleFolder: join(folder, 'none') } });
    const answer = await bare.call('/console/', { key: null });
    expect(answer).toMatchObject({ status: 503, body: { type: 'console-not-built' } });
    expect((await bare.call('/api/v1/me')).status).toBe(200);
    await bare.close();
  });
});
