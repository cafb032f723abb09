import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliver, type Notification } from '../../emulator/push/deliver.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { listenLocally } from '../support/listen-locally.ts';

/** Takes every request and never answers one. */
const receiver = createServer(() => undefined);
let notification: Notification;
beforeAll(async () => {
  const origin = await listenLocally(receiver);
  notification = {
    channel: {
      id: 'channel',
      resourceId: 'resource',
      resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/primary/events',
      address: `${origin}/notifications`,
      token: undefined,
      expirationMs: 0,
      calendarId: 'primary',
      email: 'ada@example.com',
      clientId: 'client',
      messageNumber: 2,
    },
    resourceState: 'exists',
    messageNumber: 2,
  };
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

it('gives up a receiver that never answers, whatever was collected meanwhile', async () => {
  const refused = expect(deliver(notification, new AbortController().signal, 500)).rejects.toThrow('aborted');
  for (let round = 0; round < 4; round += 1) {
    await sleep(50);
    collectGarbage();
  }
  await refused;
});

it('gives up when the emulator is closed', async () => {
  const closing = new AbortController();
  const refused = expect(deliver(notification, closing.signal)).rejects.toThrow('aborted');
  await sleep(50);
  closing.abort();
  await refused;
  await expect(deliver(notification, closing.signal)).rejects.toThrow('aborted');
});
