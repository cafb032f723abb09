import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../support/emulator/failure.ts';
import { ADA, hour, start } from '../support/emulator/start.ts';

interface Webhook {
  address: string;
  received: IncomingHttpHeaders[];
  states(): unknown[];
  numbers(): number[];
}

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function webhook(statuses: number[] = []): Promise<Webhook> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
  return {
    address: `http://127.0.0.1:${bound.port}/hook`,
    received,
    states: () => received.map((headers) => headers['x-goog-resource-state']),
    numbers: () => received.map((headers) => Number(headers['x-goog-message-number'])),
  };
}

const channel = (id: string, address: string) => ({ id, type: 'web_hook', address, token: 'secret' });

describe('watch channels', () => {
  it('send sync first, then exists for every change, until stopped', async () => {
    const { api, admin } = await start();
    const hook = await webhook();
    const { data } = await api.events.watch({
      calendarId: 'primary',
      requestBody: channel('c-1', hook.address),
    });
    expect(data).toMatchObject({ kind: 'api#channel', id: 'c-1', token: 'secret' });
    expect(Number(data.expiration) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    const event = await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.deleteEvent(ADA, event.id);
    await vi.waitFor(() => expect(hook.states()).toEqual(['sync', 'exists', 'exists']));
    expect(hook.received[1]).toMatchObject({
      'x-goog-channel-id': 'c-1',
      'x-goog-channel-token': 'secret',
      'x-goog-resource-id': data.resourceId,
      'x-goog-resource-uri': expect.stringContaining('ada%40example.com'),
      'x-goog-channel-expiration': expect.stringMatching(/GMT$/),
      'content-length': '0',
    });
    expect(hook.numbers()[0]).toBe(1);
    expect(hook.numbers()).toEqual(hook.numbers().toSorted((a, b) => a - b));

    const stop = { id: 'c-1', resourceId: data.resourceId! };
    expect((await api.channels.stop({ requestBody: stop })).status).toBe(204);
    expect(await failureOf(api.channels.stop({ requestBody: stop }))).toMatchObject({ status: 404 });
    expect(await admin.channels()).toEqual([]);
  });

  it('are refused for other calendars, used IDs and plain HTTP', async () => {
    const { api, admin } = await start();
    const hook = await webhook();
    const holidays = 'en.german#holiday@group.v.calendar.google.com';
    await admin.createCalendar(ADA, {
      id: holidays,
      summary: 'Holidays',
      timeZone: 'UTC',
      accessRole: 'reader',
      pushSupported: false,
    });
    const watch = (calendarId: string, requestBody: object) =>
      failureOf(api.events.watch({ calendarId, requestBody }));
    expect(await watch(holidays, channel('c-1', hook.address))).toMatchObject({
      status: 400,
      reason: 'pushNotSupportedForRequestedResource',
    });
    await api.events.watch({ calendarId: ADA, requestBody: channel('c-1', hook.address) });
    expect(await watch(ADA, channel('c-1', hook.address))).toMatchObject({
      status: 400,
      reason: 'channelIdNotUnique',
    });
    expect(await watch(ADA, channel('c-2', 'http://example.com/hook'))).toMatchObject({
      status: 400,
      reason: 'push.webhookUrlNotHttps',
    });
    expect(await watch('gone@example.com', channel('c-3', hook.address))).toMatchObject({ status: 404 });
  });

  it('expire', async () => {
    let nowMs = Date.parse('2026-03-01T00:00:00Z');
    const { api, admin, auth } = await start({ now: () => new Date(nowMs), accessTokenTtlSeconds: 86_400 });
    auth.setCredentials({
      ...(await auth.refreshAccessToken()).credentials,
      expiry_date: Date.now() + 86_400_000,
    });
    const hook = await webhook();
    const requestBody = { ...channel('c-1', hook.address), params: { ttl: '60' } };
    await api.events.watch({ calendarId: ADA, requestBody });
    nowMs += 61_000;
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    expect(await admin.channels()).toEqual([]);
  });

  it('can drop, double and reorder notifications, and try again after a 5xx', async () => {
    const { api, admin } = await start();
    const hook = await webhook([503]);
    await api.events.watch({ calendarId: ADA, requestBody: channel('c-1', hook.address) });
    await vi.waitFor(() => expect(hook.states()).toEqual(['sync', 'sync']));

    await admin.setPush({ drop: 1 });
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.setPush({ drop: 0, duplicate: true });
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await vi.waitFor(() => expect(hook.received).toHaveLength(4));
    expect(hook.numbers()[2]).toBe(hook.numbers()[3]);

    await admin.setPush({ duplicate: false, reorder: true });
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await admin.insertEvent(ADA, hour('2026-03-02T09:00:00Z'));
    await vi.waitFor(() => expect(hook.received).toHaveLength(6));
    expect(hook.numbers()[4]).toBeGreaterThan(hook.numbers()[5]!);
  });
});
