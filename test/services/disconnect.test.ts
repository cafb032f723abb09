import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { watchEvents } from '../../services/google/channels.ts';
import { setCalendarEnabled } from '../../services/calendars.ts';
import { disconnectAccount } from '../../services/accounts/disconnect-account.ts';
import { NotFoundError } from '../../services/errors.ts';
import type { Database } from '../../prisma/client.ts';
import { consent, type ConsentStack, startConsentStack } from '../support/consent.ts';

let stack: ConsentStack;
let database: Database;
beforeAll(async () => {
  stack = await startConsentStack();
  ({ database } = stack.context);
});
afterAll(() => stack.close());
afterEach(() => stack.google.admin.clearFaults());

const disconnect = (workspaceId: string, account: string, purge = false) =>
  disconnectAccount(
    { ...stack.context, google: stack.calendarApi, revokeUrl: stack.context.oauth.revokeUrl },
    { workspaceId, account, purge },
  );
const row = (id: string) => database.calendarAuthToken.findUnique({ where: { id } });

/** Whether Google still gives access tokens for a grant. */
async function isAccepted(refreshToken: string): Promise<boolean> {
  const response = await fetch(stack.context.oauth.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: 'almanac-dev',
      client_secret: 'almanac-dev-secret',
    }),
  });
  return response.ok;
}

async function grantOf(id: string): Promise<string> {
  const { keyId, refreshToken } = await database.calendarAuthToken.findUniqueOrThrow({ where: { id } });
  return stack.context.tokenCipher.open({ keyId, bytes: refreshToken }, id);
}

/** An account with a synced calendar, one that its user has switched off, and an event in the first. */
async function connect(workspaceId: string, email = `${workspaceId}@example.com`) {
  const { id } = await stack.connect(workspaceId, email);
  const calendars: string[] = [];
  for (const [index, enabled] of [true, false].entries()) {
    const calendar = await database.calendar.create({
      data: {
        workspaceId,
        accountId: id,
        googleCalendarId: `${index}`,
        summary: 'Work',
        timeZone: 'UTC',
        accessRole: 'owner',
        enabled,
        syncState: {
          create: { workspaceId, syncToken: 'token-1', nextSyncAt: enabled ? new Date() : null },
        },
      },
    });
    calendars.push(calendar.id);
  }
  const [calendarId = '', disabledId = ''] = calendars;
  await database.calendarEvent.create({
    data: {
      calendarId,
      googleEventId: 'event-1',
      kind: 'single',
      status: 'confirmed',
      startAt: new Date(),
      endAt: new Date(),
      resource: {},
    },
  });
  return { id, email, calendarId, disabledId };
}

const enabled = async (id: string) =>
  (await database.calendar.findUniqueOrThrow({ where: { id }, select: { enabled: true } })).enabled;

describe('disconnecting an account', () => {
  it('ends its grant at Google, deletes its tokens, and switches its calendars off with their events', async () => {
    const { id, calendarId } = await connect('acme');
    const grant = await grantOf(id);
    expect(await isAccepted(grant)).toBe(true);
    expect(await disconnect('acme', id)).toEqual({
      id,
      workspaceId: 'acme',
      email: 'acme@example.com',
      revocation: 'revoked',
      calendars: 1,
      purged: false,
    });
    expect(await isAccepted(grant)).toBe(false);
    const after = await row(id);
    expect(after).toMatchObject({ status: 'disconnected', accessToken: null, calendarListDueAt: null });
    expect(after?.refreshToken).toHaveLength(0);
    expect(await enabled(calendarId)).toBe(false);
    const state = await database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
    expect(state).toMatchObject({ nextSyncAt: null, syncToken: 'token-1' });
    expect(await database.calendarEvent.count({ where: { calendarId } })).toBe(1);
  });

  it('takes its address, and does nothing the second time', async () => {
    const { id, email } = await connect('twice');
    expect(await disconnect('twice', email.toUpperCase())).toMatchObject({ id, revocation: 'revoked' });
    expect(await disconnect('twice', email)).toMatchObject({ id, revocation: 'none', calendars: 0 });
  });

  it('is of no other workspace’s business', async () => {
    const { id, email } = await connect('mine');
    await connect('theirs');
    for (const account of [id, email]) {
      await expect(disconnect('theirs', account)).rejects.toThrow(NotFoundError);
    }
    expect(await row(id)).toMatchObject({ status: 'connected' });
  });

  it('goes on where Google does not take the revocation, and says so', async () => {
    const { id } = await connect('unheard');
    await stack.google.admin.addFault({ match: { pathContains: '/revoke' }, times: 1, status: 503 });
    expect(await disconnect('unheard', id)).toMatchObject({ revocation: 'failed' });
    expect(await row(id)).toMatchObject({ status: 'disconnected' });
  });

  it('counts a grant that Google has ended already as revoked', async () => {
    const { id, email } = await connect('ended');
    await stack.google.admin.revokeGrant(email);
    expect(await disconnect('ended', id)).toMatchObject({ revocation: 'revoked' });
  });

  it('leaves the grant of another workspace alone, which would end with it', async () => {
    const [one, other] = [await connect('one', 'ada@example.com'), await connect('other', 'ada@example.com')];
    const grant = await grantOf(other.id);
    expect(await disconnect('one', one.id)).toMatchObject({ revocation: 'shared' });
    expect(await isAccepted(grant)).toBe(true);
    expect(await disconnect('other', other.id)).toMatchObject({ revocation: 'revoked' });
    expect(await isAccepted(grant)).toBe(false);
  });

  it('sends the token in no URL', async () => {
    const { id } = await connect('discreet');
    const since = new Date().toISOString();
    await disconnect('discreet', id);
    const made = await stack.google.admin.requests({ since });
    expect(made.map(({ path }) => path)).toEqual(['/revoke']);
    expect(JSON.stringify(made)).not.toContain('token=');
  });

  it('stops its push channels while there is a token to do it with', async () => {
    const { id, email } = await connect('pushed');
    const calendar = await database.calendar.create({
      data: {
        workspaceId: 'pushed',
        accountId: id,
        googleCalendarId: email,
        summary: 'Own',
        timeZone: 'UTC',
        accessRole: 'owner',
      },
    });
    const grant = await row(id);
    const request = {
      googleCalendarId: email,
      token: 'secret',
      address: 'http://127.0.0.1:9/hook',
      lifeSeconds: 60,
    };
    const signal = AbortSignal.timeout(10_000);
    const open = async (status: string) => {
      const channelId = randomUUID();
      const { resourceId } = await watchEvents(stack.calendarApi, { ...grant!, accountId: id }, signal, {
        ...request,
        id: channelId,
      });
      await database.watchChannel.create({
        data: {
          id: channelId,
          calendarId: calendar.id,
          status,
          tokenHash: Buffer.alloc(32),
          // Google's answer has not been recorded for a channel that is being opened.
          resourceId: status === 'opening' ? null : resourceId,
        },
      });
    };
    await open('live');
    await open('opening');
    expect(await stack.google.admin.channels()).toHaveLength(2);
    expect(await disconnect('pushed', id)).toMatchObject({ revocation: 'revoked' });
    expect(await stack.google.admin.channels()).toEqual([]);
    const left = await database.watchChannel.findMany({ where: { calendarId: calendar.id } });
    expect(left.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
  });

  it('goes on where Google does not stop them', async () => {
    const { id, calendarId } = await connect('deaf');
    const channel = { calendarId, status: 'live', resourceId: 'r', tokenHash: Buffer.alloc(32) };
    await database.watchChannel.create({ data: channel });
    const fault = { match: { pathContains: '/channels/stop' }, times: 1, status: 503 };
    await stack.google.admin.addFault(fault);
    expect(await disconnect('deaf', id)).toMatchObject({ revocation: 'revoked' });
    expect(await database.watchChannel.findFirst({ where: { calendarId } })).toMatchObject({
      status: 'stopping',
    });
  });

  it('closes what the account has open', async () => {
    const { id, calendarId } = await connect('dead-letters');
    const deadLetter = {
      workspaceId: 'dead-letters',
      workflowId: 'w',
      runId: 'r',
      failureType: 'GoogleAuthRevoked',
    };
    await database.deadLetter.create({ data: { ...deadLetter, accountId: id, operation: 'consent' } });
    await database.deadLetter.create({ data: { ...deadLetter, calendarId, operation: 'sync' } });
    await disconnect('dead-letters', id);
    expect(await database.deadLetter.count({ where: { workspaceId: 'dead-letters', status: 'open' } })).toBe(
      0,
    );
  });
});

describe('connecting it again', () => {
  it('is the same account, and switches on what the disconnection has switched off', async () => {
    const { id, email, calendarId, disabledId } = await connect('back');
    await disconnect('back', id);
    const redirect = await consent(await stack.begin('back', { accountId: id }), { email });
    expect(await stack.complete(redirect)).toMatchObject({ id, status: 'connected', calendars: 2 });
    expect([await enabled(calendarId), await enabled(disabledId)]).toEqual([true, false]);
    const state = await database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
    expect(state).toMatchObject({ syncToken: 'token-1', nextSyncAt: expect.any(Date) });
  });

  it('leaves disabled what was disabled in between', async () => {
    const { id, email, calendarId } = await connect('changed');
    await disconnect('changed', id);
    await setCalendarEnabled(database, calendarId, false);
    await stack.connect('changed', email);
    expect(await enabled(calendarId)).toBe(false);
  });
});

describe('purging an account', () => {
  it('deletes it with its calendars and events, and tells the readers of the change log', async () => {
    const { id, calendarId } = await connect('purged');
    expect(await disconnect('purged', id, true)).toMatchObject({ calendars: 2, purged: true });
    expect(await row(id)).toBeNull();
    const where = { workspaceId: 'purged' };
    expect(await database.calendar.count({ where })).toBe(0);
    expect(await database.calendarEvent.count({ where: { calendarId } })).toBe(0);
    expect(await database.calendarChange.findMany({ where })).toMatchObject([
      { calendarId, googleEventId: 'event-1', operation: 'delete' },
    ]);
  });

  it('is possible after it was disconnected', async () => {
    const { id } = await connect('later');
    await disconnect('later', id);
    expect(await disconnect('later', id, true)).toMatchObject({ revocation: 'none', purged: true });
    expect(await row(id)).toBeNull();
  });
});
