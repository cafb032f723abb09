import { calendar } from 'googleapis/build/src/apis/calendar/index.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toFailure } from '../../services/failures.ts';
import { classifyGoogleError } from '../../services/google/google-failure.ts';
import { createRefreshCalendarList } from '../../activities/refresh-calendar-list.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { GOOGLE_CAUSES, RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

type Fault = Omit<Parameters<EmulatorAdmin['addFault']>[0], 'match' | 'times'>;
/** A fault of the emulator, with its failure type, the wait in ms, and whether it is retried. */
type Row = [what: string, fault: Fault, type: FailureType, delayMs: [least: number, most: number] | null];

const BACKOFF: [number, number] = [1_000, 2_000];
const refused = (status: number, reason: string, more: Fault = {}): Fault => ({ status, reason, ...more });
const badRequest = (status: number, reason: string): Row => [
  `${status} ${reason}`,
  refused(status, reason),
  FailureType.googleBadRequest,
  null,
];
const forbidden = (reason: string): Row => [
  `403 ${reason}`,
  refused(403, reason),
  FailureType.googleForbidden,
  null,
];
const unavailable = (what: string, fault: Fault): Row => [
  what,
  fault,
  FailureType.googleUnavailable,
  BACKOFF,
];
const limited = (status: number, reason: string, most: number): Row => [
  `${status} ${reason}`,
  refused(status, reason, { domain: 'usageLimits' }),
  FailureType.googleRateLimited,
  [1_000, most],
];

const CALENDAR_API: Row[] = [
  badRequest(400, 'timeRangeEmpty'),
  badRequest(400, 'invalid'),
  badRequest(400, 'required'),
  badRequest(400, 'badRequest'),
  badRequest(400, 'parseError'),
  badRequest(409, 'duplicate'),
  badRequest(410, 'fullSyncRequired'),
  badRequest(410, 'updatedMinTooLongAgo'),
  badRequest(412, 'conditionNotMet'),
  ['401 authError, twice', refused(401, 'authError'), FailureType.googleTokenRefused, BACKOFF],
  limited(403, 'userRateLimitExceeded', 2_000),
  limited(403, 'rateLimitExceeded', 2_000),
  limited(403, 'RESOURCE_EXHAUSTED', 2_000),
  limited(429, 'rateLimitExceeded', 2_000),
  limited(403, 'dailyLimitExceeded', 3_600_000),
  limited(429, 'dailyLimitExceeded', 3_600_000),
  limited(403, 'quotaExceeded', 3_600_000),
  limited(429, 'quotaExceeded', 3_600_000),
  [
    '429 with Retry-After',
    refused(429, 'rateLimitExceeded', { retryAfterSeconds: 7 }),
    FailureType.googleRateLimited,
    [7_000, 9_000],
  ],
  forbidden('insufficientPermissions'),
  forbidden('forbidden'),
  forbidden('requiredAccessLevel'),
  forbidden('forbiddenForNonOrganizer'),
  forbidden('forbiddenForServiceAccounts'),
  forbidden('notACalendarUser'),
  ['404 notFound', refused(404, 'notFound'), FailureType.googleNotFound, [5_000, 5_000]],
  unavailable('408', refused(408, 'requestTimeout')),
  unavailable('500', refused(500, 'backendError')),
  unavailable('502', refused(502, 'backendError')),
  unavailable('503', refused(503, 'backendError')),
  unavailable('504', refused(504, 'backendError')),
  unavailable('HTML', { status: 502, htmlBody: '<html>Bad Gateway</html>' }),
  unavailable('a connection that is reset', { resetConnection: true }),
  unavailable('half of an answer', { truncateBody: true }),
  [
    '503 with Retry-After',
    refused(503, 'backendError', { retryAfterSeconds: 30 }),
    FailureType.googleUnavailable,
    [30_000, 30_000],
  ],
];

const TOKEN_ENDPOINT: Row[] = [
  ['400 invalid_grant', refused(400, 'invalid_grant'), FailureType.googleAuthRevoked, null],
  ['401 invalid_client', refused(401, 'invalid_client'), FailureType.googleClientRejected, null],
  ['400 unauthorized_client', refused(400, 'unauthorized_client'), FailureType.googleClientRejected, null],
  ['401 deleted_client', refused(401, 'deleted_client'), FailureType.googleClientRejected, null],
  ['401 disabled_client', refused(401, 'disabled_client'), FailureType.googleClientRejected, null],
  ['403 org_internal', refused(403, 'org_internal'), FailureType.googleClientRejected, null],
  ['400 invalid_request', refused(400, 'invalid_request'), FailureType.googleBadRequest, null],
  ['400 invalid_scope', refused(400, 'invalid_scope'), FailureType.googleBadRequest, null],
  ['400 unsupported_grant_type', refused(400, 'unsupported_grant_type'), FailureType.googleBadRequest, null],
  unavailable('401 something else', refused(401, 'something_else')),
  unavailable('500', refused(500, 'internal_failure')),
  unavailable('503', refused(503, 'internal_failure')),
  unavailable('400 temporarily_unavailable', refused(400, 'temporarily_unavailable')),
  unavailable('a connection that is reset', { resetConnection: true }),
];

/** The Google client tries a token request again by itself, up to three times. */
const MORE_THAN_ENOUGH = 10;

let stack: SyncStack;
let users = 0;
beforeAll(async () => {
  stack = await startSyncStack();
});
afterEach(async () => {
  await stack.google.clearFaults();
  await stack.database.googleQuota.deleteMany();
});
afterAll(() => stack.close());

/** The first call to Google of a new account meets a fault. */
async function failWith(path: string, fault: Fault, attempt = 1): Promise<unknown> {
  users += 1;
  const email = `user-${users}@example.com`;
  const accountId = await stack.connect('acme', email);
  await stack.google.addFault({ match: { pathContains: path }, times: MORE_THAN_ENOUGH, ...fault });
  const input = { workspaceId: 'acme', accountId, correlationId: 'test' };
  return runActivity(stack.activities.refreshCalendarList, input, { attempt }).then(
    () => 'It succeeded.',
    (error: unknown) => error,
  );
}

function expectRow(failure: unknown, type: FailureType, delayMs: [number, number] | null): void {
  const { action } = RETRY_TABLE[type];
  const triedAgain = action === 'retry' || action === 'wait';
  expect(failure).toMatchObject({ type, nonRetryable: !triedAgain });
  const { nextRetryDelay } = failure as { nextRetryDelay?: number };
  if (delayMs === null) return expect(nextRetryDelay).toBeUndefined();
  // The time that the block of a quota names is spread by up to a quarter.
  expect(nextRetryDelay).toBeGreaterThanOrEqual(delayMs[0] - 50);
  expect(nextRetryDelay).toBeLessThanOrEqual(delayMs[1] * 1.25);
}

describe('an answer of the Calendar API', () => {
  it.each(CALENDAR_API)('%s', async (_what, fault, type, delayMs) => {
    expectRow(await failWith('/calendarList', fault), type, delayMs);
  });

  it('404 is given up after three spaced tries', async () => {
    const fault = refused(404, 'notFound');
    expect(await failWith('/calendarList', fault, 2)).toMatchObject({
      nonRetryable: false,
      nextRetryDelay: 10_000,
    });
    expect(await failWith('/calendarList', fault, 3)).toMatchObject({ nonRetryable: true });
  });

  it('that is not what Google documents is asked for again', async () => {
    const accountId = await stack.connect('acme', 'proxy@example.com');
    const google = { ...stack.dependencies.google, call: async () => '<html>Welcome</html>' as never };
    const refresh = createRefreshCalendarList({ ...stack.dependencies, google });
    const input = { workspaceId: 'acme', accountId, correlationId: 'test' };
    await expect(runActivity(refresh, input)).rejects.toMatchObject({
      type: FailureType.googleMalformedAnswer,
      nonRetryable: false,
    });
  });
});

describe('an answer of the token endpoint', () => {
  it.each(TOKEN_ENDPOINT)('%s', async (_what, fault, type, delayMs) => {
    expectRow(await failWith('/token', fault), type, delayMs);
  });
});

describe('no answer', () => {
  const failureOf = (rootUrl: string, timeout: number) =>
    calendar({ version: 'v3', rootUrl })
      .calendarList.list({}, { timeout, retry: false })
      .then(
        () => null,
        (error: unknown) => classifyGoogleError(error, Date.now(), 'calendar-api'),
      );

  it('in time', async () => {
    await stack.google.addFault({ match: {}, times: 1, hang: true });
    const { GOOGLE_API_ROOT_URL = '' } = stack.environment;
    expect(await failureOf(GOOGLE_API_ROOT_URL, 100)).toMatchObject({
      type: FailureType.googleUnavailable,
      status: null,
    });
  });

  it.each(['http://127.0.0.1:1', 'http://nowhere.invalid'])('from %s', async (rootUrl) => {
    expect(await failureOf(rootUrl, 5_000)).toMatchObject({ type: FailureType.googleUnavailable });
  });
});

it('every row of causes that names a reason has one here', () => {
  const tested = [...CALENDAR_API, ...TOKEN_ENDPOINT].map(([, fault]) => `${fault.status} ${fault.reason}`);
  for (const { status, reasons = [] } of GOOGLE_CAUSES) {
    for (const reason of reasons) {
      const expected = new RegExp(`^${status?.[0] ?? '\\d+'} ${reason}$`);
      expect(tested.filter((row) => expected.test(row))).not.toEqual([]);
    }
  }
});

describe('Postgres', () => {
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: unknown) => toFailure(error),
    );
  const away = {
    type: FailureType.databaseUnavailable,
    nonRetryable: RETRY_TABLE.DatabaseUnavailable.action !== 'retry',
  };

  it('that is away', async () => {
    const nowhere = createPrismaClient({ databaseUrl: 'postgresql://a:b@127.0.0.1:1/c', poolSize: 1 });
    expect(await failureOf(nowhere.workspace.count())).toMatchObject(away);
    await nowhere.$disconnect();
  });

  it('that goes away in mid-statement', async () => {
    const killed = failureOf(stack.database.$queryRaw`select pg_terminate_backend(pg_backend_pid())`);
    expect(await killed).toMatchObject(away);
  });

  it('that ends a deadlock', async () => {
    const { database } = stack;
    await database.workspace.createMany({ data: ['one', 'two'].map((id) => ({ id, timeZone: 'UTC' })) });
    let meet = (): void => undefined;
    let met = 0;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const lockBoth = (first: string, second: string) =>
      database.$transaction(async (transaction) => {
        await transaction.$queryRaw`select id from workspaces where id = ${first} for update`;
        met += 1;
        if (met === 2) meet();
        await both;
        await transaction.$queryRaw`select id from workspaces where id = ${second} for update`;
      });
    const failures = await Promise.all([
      failureOf(lockBoth('one', 'two')),
      failureOf(lockBoth('two', 'one')),
    ]);
    expect(failures.filter((failure) => failure !== null)).toEqual([expect.objectContaining(away)]);
  });

  it('that cannot serialize a transaction', async () => {
    const { database } = stack;
    await database.workspace.create({ data: { id: 'three', timeZone: 'UTC' } });
    const overtaken = database.$transaction(
      async (transaction) => {
        await transaction.workspace.findUnique({ where: { id: 'three' } });
        await database.workspace.update({ where: { id: 'three' }, data: { timeZone: 'Asia/Tokyo' } });
        await transaction.workspace.update({ where: { id: 'three' }, data: { timeZone: 'Asia/Seoul' } });
      },
      { isolationLevel: 'RepeatableRead' },
    );
    expect(await failureOf(overtaken)).toMatchObject(away);
  });
});
