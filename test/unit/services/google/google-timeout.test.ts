import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGoogleCalendar } from '../../../../services/google/google-calendar.ts';
import type { GoogleQuota } from '../../../../services/google/quota.ts';
import { noMetrics } from '../../../../services/metrics.ts';
import { FailureType } from '../../../../contracts/failure-types.ts';
import { collectGarbage } from '../../../support/collect-garbage.ts';
import { listenLocally } from '../../../support/listen-locally.ts';

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{"items":[');
});
let origin: string;
beforeAll(async () => {
  origin = await listenLocally(server);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const GRANT = {
  accountId: 'one',
  keyId: 'key',
  refreshToken: new Uint8Array(),
  accessToken: null,
  accessTokenExpiresAt: null,
};
const QUOTA: GoogleQuota = {
  bucket: () => ({ emissionMs: 1, toleranceMs: 1 }),
  take: async () => 0,
  takeFurther: async () => true,
  block: async () => 0,
};

function call(timeoutMs: number, signal: AbortSignal) {
  const google = createGoogleCalendar(origin, { get: async () => 'token' }, QUOTA, noMetrics, { timeoutMs });
  return google.call(GRANT, signal, 'calendarList.list', (api, options) =>
    api.calendarList.list({}, options),
  );
}

it('gives up an answer that is begun and never completed, whatever was collected meanwhile', async () => {
  const caller = new AbortController();
  const failed = expect(call(500, caller.signal)).rejects.toMatchObject({
    failure: { type: FailureType.googleUnavailable },
  });
  for (let round = 0; round < 4; round += 1) {
    await sleep(50);
    collectGarbage();
  }
  await failed;
}, 10_000);

it('ends with its caller', async () => {
  const caller = new AbortController();
  const ended = expect(call(60_000, caller.signal)).rejects.toThrow('cancelled');
  setTimeout(() => caller.abort(new Error('cancelled')), 100);
  await ended;
}, 10_000);

it('sends no write whose caller has ended meanwhile, and does not end the process', async () => {
  const caller = new AbortController();
  const meter = { count: async () => caller.abort(new Error('cancelled')) };
  const google = createGoogleCalendar(origin, { get: async () => 'token' }, QUOTA, noMetrics, { meter });
  const written = google.call(GRANT, caller.signal, 'events.insert', (api, options) =>
    api.events.insert({ calendarId: 'primary', requestBody: { summary: 'Lunch' } }, options),
  );
  // An error that nobody hears fails the run of the tests.
  await expect(written).rejects.toThrow('cancelled');
}, 10_000);
