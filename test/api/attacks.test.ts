import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from '../../services/workspaces.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { exchange } from '../support/raw-http.ts';

const PATH = '/api/v1/workspaces/acme';
const TASKS = `${PATH}/tasks`;
const TASK = JSON.stringify({ title: 'Task', durationMinutes: 30 });
const JSON_BODY = 'Content-Type: application/json';
const CLOSE = 'Connection: close';

let api: TestApi;
let key: string;
const log: string[] = [];

beforeAll(async () => {
  api = await startTestApi({
    environment: {
      PUBLIC_URL: 'https://almanac.example.com',
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: 'x',
    },
    dependencies: { logger: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }) },
  });
  for (const id of ['acme', 'beta']) await createWorkspace(api.prisma, { id, timeZone: 'UTC' });
  key = await api.createKey('acme');
});
afterAll(() => api.close());

const stored = () =>
  Promise.all([
    api.prisma.workspace.findMany(),
    api.prisma.task.findMany(),
    api.prisma.calendarHours.findMany(),
    api.prisma.schedulePolicy.findMany(),
    api.prisma.idempotencyKey.findMany(),
  ]);

/** The head of a request under the workspace's key, byte for byte. */
const head = (method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${key}`, ...headers, '', ''].join(
    '\r\n',
  );

/** Sends a body as it is. */
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, path = TASKS) =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body,
  });

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'number' ? part : [...Buffer.from(part)])));

describe('an attack', () => {
  let before: unknown;
  beforeEach(async () => {
    before = await stored();
    log.length = 0;
  });
  afterEach(async () => {
    expect(await stored()).toEqual(before);
    expect(await api.call('/readyz', { key: null })).toMatchObject({ status: 200 });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('polluted');
    expect(log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
    for (const secret of [key, api.adminKey, 'HOSTILE']) expect(log.join('')).not.toContain(secret);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>?]>([
    ['half an object', '{"title":"HOSTILE'],
    ['what only JavaScript reads', "{'title':'HOSTILE',durationMinutes:NaN}"],
    ['a number beyond all', '{"title":"HOSTILE","durationMinutes":1e400}'],
    ['UTF-16', new Uint8Array(Buffer.from(TASK, 'utf16le'))],
    ['invalid UTF-8', bytes('{"title":"HOSTILE', 0xff, 0xfe, '","durationMinutes":30}')],
    ['overlong UTF-8', bytes('{"title":"HOSTILE', 0xc0, 0x80, '","durationMinutes":30}')],
    ['10,000 open brackets', '['.repeat(10_000)],
    ['10,000 brackets', '['.repeat(10_000) + ']'.repeat(10_000), { 'idempotency-key': 'deep' }],
    ['120,000 brackets', '['.repeat(120_000) + ']'.repeat(120_000), { 'idempotency-key': 'deep' }],
    ['30,000 objects', `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`],
    ['a prototype, deep', `${'{"a":'.repeat(9_000)}{"__proto__":1}${'}'.repeat(9_000)}`],
    ['a prototype', `${TASK.slice(0, -1)},"__proto__":{"polluted":1}}`],
    ['a prototype in disguise', `${TASK.slice(0, -1)},"\\u005f_proto__":{"polluted":1}}`],
    ['a constructor', `${TASK.slice(0, -1)},"constructor":{"prototype":{"polluted":1}}}`],
    ['a constructor that is none', `${TASK.slice(0, -1)},"constructor":1,"toString":2}`],
    ['a constructor for a name', '{"title":"HOSTILE","durationMinutes":30,"hours":"constructor"}'],
    ['a number', '1'],
    ['null', 'null'],
    ['text', '"HOSTILE"'],
    ['what is not compressed', TASK.slice(1), { 'content-encoding': 'gzip' }],
  ])('by its body is refused: %s', async (_what, body, headers) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await answer.text()).not.toContain('HOSTILE');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'application/json, text/html',
    ';;;===',
  ])('by its content type is refused: %s', async (type) => {
    const answer = await post(TASK, { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ type: 'unsupported-media-type' });
  });

  it.each([
    ['PUT', '/hours', '{"type":"__proto__","days":["mon"],"blocks":[]}'],
    ['PUT', '/hours', '{"type":"constructor","days":["mon"],"blocks":[]}'],
    ['PUT', '/hours', '{"type":"toString","days":["mon"],"blocks":[]}'],
    ['PUT', '/hours', '{"type":"work","days":["__proto__","constructor"],"blocks":[]}'],
    ['PATCH', '/policy', '{"maxMinutesPerDay":{"constructor":5}}'],
    ['PATCH', '/policy', '{"maxMinutesPerDay":{"__proto__":5}}'],
  ])('by the names in %s %s is refused: %s', async (method, path, body) => {
    const length = `Content-Length: ${body.length}`;
    const answer = await exchange(api.url, head(method, `${PATH}${path}`, JSON_BODY, length, CLOSE) + body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  const chunked = (text: string, ...more: string[]) =>
    head('POST', TASKS, JSON_BODY, 'Transfer-Encoding: chunked', ...more) + text;
  const withLength = (...lengths: string[]) => head('POST', TASKS, JSON_BODY, ...lengths) + TASK;
  const get = (path: string, ...headers: string[]) => head('GET', path, ...headers, CLOSE);

  it.each<[string, () => string, number]>([
    ['two kinds of length', () => chunked('0\r\n\r\n', 'Content-Length: 5'), 400],
    ['two lengths', () => withLength('Content-Length: 5', 'Content-Length: 36'), 400],
    ['a list of lengths', () => withLength('Content-Length: 5, 36'), 400],
    ['a negative length', () => withLength('Content-Length: -1'), 400],
    ['a length with a sign', () => withLength('Content-Length: +36'), 400],
    ['a length beyond all', () => withLength(`Content-Length: ${'9'.repeat(30)}`), 400],
    ['a length of 10 GB', () => withLength('Content-Length: 10000000000'), 413],
    ['a foreign encoding', () => withLength('Transfer-Encoding: xchunked'), 400],
    ['an encoding after chunks', () => withLength('Transfer-Encoding: chunked, identity'), 400],
    ['a space before the colon', () => withLength('Transfer-Encoding : chunked'), 400],
    ['a chunk without length', () => chunked('zz\r\nabc\r\n'), 400],
    ['a chunk with much to say', () => chunked(`1;${'x'.repeat(20_000)}\r\n`), 400],
    ['a CR in the correlation ID', () => get(TASKS, 'X-Correlation-Id: a\rSet-Cookie: HOSTILE=1'), 400],
    ['a LF in the correlation ID', () => get(TASKS, 'X-Correlation-Id: a\nSet-Cookie: HOSTILE=1'), 400],
    ['two correlation IDs', () => get(TASKS, 'X-Correlation-Id: a', 'X-Correlation-Id: b'), 400],
    ['a null byte in a header', () => get(TASKS, 'X-Any: a\0b'), 400],
    ['a null byte in the path', () => get('/api/v1/workspaces/ac\0me/tasks'), 400],
    ['an unknown method', () => head('HOSTILE', TASKS), 400],
    ['another protocol', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a protocol to come', () => 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', 400],
    ['TRACE', () => head('TRACE', TASKS, CLOSE), 405],
    ['PROPFIND', () => head('PROPFIND', TASKS, CLOSE), 405],
    ['OPTIONS', () => head('OPTIONS', TASKS, 'Origin: https://evil.example', CLOSE), 405],
    ['OPTIONS *', () => head('OPTIONS', '*', CLOSE), 404],
    ['PUT where only POST is', () => head('PUT', TASKS, CLOSE), 405],
    ['POST that means DELETE', () => head('POST', PATH, 'X-HTTP-Method-Override: DELETE', CLOSE), 405],
    ['50,000 headers', () => get(TASKS, ...Array.from({ length: 50_000 }, (_, at) => `a${at}: 1`)), 431],
    ['a path of 150,000 characters', () => get(`/api/v1/workspaces/${'a'.repeat(150_000)}/tasks`), 431],
    ['a path of 15,000 characters', () => get(`/api/v1/workspaces/${'a'.repeat(15_000)}/tasks`), 400],
    ['a parameter of 15,000 characters', () => get(`${TASKS}?all=${'a'.repeat(15_000)}`), 400],
    ['a parameter 1,500 times', () => get(`${TASKS}?${'all=true&'.repeat(1_500)}`), 400],
    ['unknown parameters', () => get(`${TASKS}?__proto__[HOSTILE]=1&${'HOSTILE=1&'.repeat(1_000)}`), 400],
    ['a parameter that is not UTF-8', () => get(`${TASKS}?all=%zz%00%ff&HOSTILE`), 400],
    ['a path upwards', () => get('/api/v1/workspaces/../../../etc/passwd'), 404],
    ['a path into a neighbour', () => get('/api/v1/workspaces/acme/../beta/tasks'), 404],
    ['an encoded path upwards', () => get('/api/v1/workspaces/acme%2f..%2fbeta/tasks'), 403],
    ['a path that is encoded twice', () => get('/api/v1/workspaces/%252e%252e%252fbeta/tasks'), 403],
    ['a null byte behind the workspace', () => get('/api/v1/workspaces/acme%00/tasks'), 403],
    ['overlong UTF-8 in the path', () => get('/api/v1/workspaces/%c0%ae%c0%ae/tasks'), 400],
    ['a path out of the documentation', () => get('/docs/static/..%2f..%2f..%2fpackage.json'), 404],
    ['the same, plainly', () => get('/docs/static/../../../package.json'), 400],
    ['another host’s path', () => get('//evil.example/api/v1/me'), 404],
  ])('by its head is refused: %s', async (_what, request, status) => {
    const answer = await exchange(api.url, request());
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toMatch(/set-cookie|HOSTILE|access-control/i);
  });

  it.each<[string, () => string]>([
    ['HEAD', () => head('HEAD', TASKS, CLOSE)],
    ['1,900 headers', () => get(TASKS, ...Array.from({ length: 1_900 }, (_, at) => `a${at}: 1`))],
    ['an upgrade', () => head('GET', TASKS, 'Upgrade: websocket', 'Connection: Upgrade, close')],
  ])('that is none is answered: %s', async (_what, request) => {
    const answer = await exchange(api.url, request());
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('by a body without end is cut off when it is too large', async () => {
    const dribble = { text: `8000\r\n${'x'.repeat(0x8000)}\r\n`, everyMs: 5 };
    const answer = await exchange(api.url, chunked(''), { dribble });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('too-large');
  });

  it(
    'by slowness is cut off: of the head, of the body, of an unexpected body',
    { tags: ['slow'] },
    async () => {
      const startedAt = Date.now();
      const refused = head('POST', TASKS, JSON_BODY, 'Transfer-Encoding: chunked').replace(key, 'nobody');
      const [slowHead, slowBody, slowRefused] = await Promise.all([
        exchange(api.url, 'GET /livez HTTP/1.1\r\nHost: a\r\n', {
          dribble: { text: 'a: 1\r\n', everyMs: 500 },
        }),
        exchange(api.url, withLength('Content-Length: 5000'), { dribble: { text: ' ', everyMs: 500 } }),
        exchange(api.url, refused, { dribble: { text: '1\r\n \r\n', everyMs: 500 } }),
      ]);
      expect(slowHead).toMatch(/^HTTP\/1\.1 408 /);
      expect(slowBody).toMatch(/^HTTP\/1\.1 408 /);
      expect(slowRefused).toMatch(/^HTTP\/1\.1 401 /);
      expect(Date.now() - startedAt).toBeLessThan(30_000);
    },
  );
});

describe('a write under an Idempotency-Key', () => {
  it('is done once when it is sent twenty times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(TASK, { 'idempotency-key': "';drop/**/table/**/tasks;--" })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses.has(201)).toBe(true);
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect(await api.prisma.task.count({ where: { workspaceId: 'acme' } })).toBe(1);
  });

  it('is done once also where the request names the host in its path', async () => {
    const before = await api.prisma.task.count();
    const length = `Content-Length: ${TASK.length}`;
    const request = `${head('POST', `http://localhost${TASKS}`, JSON_BODY, length, 'Idempotency-Key: host', CLOSE)}${TASK}`;
    const [first, second] = [await exchange(api.url, request), await exchange(api.url, request)];
    expect(first).toMatch(/^HTTP\/1\.1 201 /);
    expect(second).toMatch(/^HTTP\/1\.1 201 [^]*idempotent-replayed: true/);
    expect(await api.prisma.task.count()).toBe(before + 1);
  });

  it('is not kept where its answer is a secret', async () => {
    const path = `${PATH}/accounts/connect`;
    const connect = async () =>
      post('{}', { 'idempotency-key': 'connect' }, path).then(
        (answer) => answer.json() as Promise<{ url: string }>,
      );
    const [first, second] = [await connect(), await connect()];
    expect(first.url).toContain('ticket=');
    expect(second.url).not.toBe(first.url);
    expect(await api.prisma.idempotencyKey.count({ where: { key: 'connect' } })).toBe(0);
    expect(log.join('')).not.toContain('ticket=');
  });
});

describe('a name that is given twice', () => {
  it('counts where it comes last, whole', async () => {
    const answer = await post('{"title":"first","durationMinutes":30,"title":"last"}');
    expect(await answer.json()).toMatchObject({ title: 'last', durationMinutes: 30 });
  });
});
