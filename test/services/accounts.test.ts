import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount, listAccounts } from '../../services/accounts/accounts.ts';
import { NotFoundError } from '../../services/errors.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
});
afterAll(() => fixture.drop());

const add = (workspaceId: string, email: string, refreshToken: string) =>
  addAccount(
    { database: fixture.prisma, tokenCipher: fixture.tokenCipher },
    { workspaceId, email, refreshToken },
  );
const stored = (id: string) => fixture.prisma.calendarAuthToken.findUniqueOrThrow({ where: { id } });

describe('adding an account', () => {
  it('seals the grant for that account alone', async () => {
    const { accountId } = await fixture.connect('sealed');
    const { keyId, refreshToken } = await stored(accountId);
    expect(Buffer.from(refreshToken).toString('latin1')).not.toContain('grant-1');
    expect(fixture.tokenCipher.open({ keyId, bytes: refreshToken }, accountId)).toBe('grant-1');
  });

  it('refuses a workspace that is not there', async () => {
    await expect(add('nobody', 'ada@example.com', 'grant')).rejects.toThrow(NotFoundError);
  });

  it('never returns a token', async () => {
    await fixture.connect('silent');
    const returned = [
      await add('silent', 'ada@example.com', 'grant-2'),
      await listAccounts(fixture.prisma, 'silent'),
    ];
    expect(JSON.stringify(returned)).not.toMatch(/grant|token/i);
  });

  it('gives one account where two processes add it at once, and its grant opens', async () => {
    await fixture.connect('raced');
    const grants = Array.from({ length: 8 }, (_, index) => `grant-${index}`);
    const added = await Promise.all(grants.map((grant) => add('raced', 'Ada@example.com', grant)));
    const [id, ...others] = new Set(added.map((account) => account.id));
    expect(others).toEqual([]);
    const { keyId, refreshToken } = await stored(id ?? '');
    expect(grants).toContain(fixture.tokenCipher.open({ keyId, bytes: refreshToken }, id ?? ''));
  });
});

describe('adding an account again', () => {
  it('replaces the grant and has its calendars synced at once', async () => {
    const { accountId } = await fixture.connect('again');
    const failing = { nextSyncAt: null, failures: 4, lastError: 'GoogleAuthRevoked' };
    const active = await fixture.addCalendar('again', accountId, { syncState: failing });
    const disabled = await fixture.addCalendar('again', accountId, { enabled: false, syncState: failing });
    const removed = await fixture.addCalendar('again', accountId, { status: 'removed', syncState: failing });
    await fixture.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: {
        status: 'needs_reconnect',
        lastError: 'GoogleAuthRevoked',
        calendarListDueAt: null,
        accessToken: Buffer.from('old'),
        accessTokenExpiresAt: new Date(),
      },
    });

    const added = await add('again', 'again@example.com', 'grant-2');

    expect(added).toMatchObject({ id: accountId, status: 'connected', calendars: 2 });
    const account = await stored(accountId);
    expect(account).toMatchObject({ status: 'connected', lastError: null, accessToken: null });
    expect(account.calendarListDueAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(fixture.tokenCipher.open({ keyId: account.keyId, bytes: account.refreshToken }, accountId)).toBe(
      'grant-2',
    );
    const states = await fixture.prisma.calendarSyncState.findMany({ where: { workspaceId: 'again' } });
    const stateOf = (id: string) => states.find(({ calendarId }) => calendarId === id);
    expect(stateOf(active)).toMatchObject({ failures: 0, lastError: null, nextSyncAt: expect.any(Date) });
    expect(stateOf(disabled)).toMatchObject(failing);
    expect(stateOf(removed)).toMatchObject(failing);
  });
});
