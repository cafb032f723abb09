import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Health, HealthReason } from '../../contracts/health.ts';
import { readInstallationHealth, readOverallHealth } from '../../services/health/roll-up.ts';
import { readStatusPages, readWorkspaceStatus, type WorkspaceStatus } from '../../services/reading/status.ts';
import type { CalendarSyncState } from '../../prisma/generated/client.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const OPTIONS = { poll: { plainMs: 15 * 60_000, withPushMs: 6 * 3_600_000 }, now: NOW };

let fixture: ClientFixture;
beforeAll(async () => {
  fixture = await createClientFixture();
});
afterAll(() => fixture.drop());

let workspaces = 0;
async function workspaceWith(
  syncState: Partial<CalendarSyncState>,
  {
    accountStatus = 'connected',
    ...calendar
  }: { accountStatus?: string; enabled?: boolean; status?: string; missingSince?: Date } = {},
) {
  workspaces += 1;
  const id = `health-${String(workspaces).padStart(3, '0')}`;
  const { accountId } = await fixture.connect(id);
  await fixture.prisma.calendarAuthToken.update({
    where: { id: accountId },
    data: { status: accountStatus, calendarListSyncedAt: NOW },
  });
  const state = { provenAt: minutes(-5), nextSyncAt: minutes(10), ...syncState };
  const calendarId = await fixture.addCalendar(id, accountId, { ...calendar, syncState: state });
  return { id, accountId, calendarId };
}

async function calendarStatus(id: string) {
  const [calendar] = (await readWorkspaceStatus(fixture.prisma, id, OPTIONS)).calendars;
  return calendar;
}

type Case = [string, Health, HealthReason | undefined, Partial<CalendarSyncState>, object?];

describe('the health of a calendar', () => {
  it('follows the clock of its proof, however wrong the clock of this process is', async () => {
    const provenAt = new Date(Date.now() - 60 * 60_000);
    const { id } = await workspaceWith({ provenAt });
    const { poll } = OPTIONS;
    vi.useFakeTimers({ toFake: ['Date'], now: provenAt });
    try {
      expect((await readWorkspaceStatus(fixture.prisma, id, { poll })).health).toBe('stale');
      expect((await readOverallHealth(fixture.prisma, { poll })).byHealth.stale).toBe(1);
    } finally {
      vi.useRealTimers();
      await fixture.prisma.workspace.delete({ where: { id } });
    }
  });

  it.each<Case>([
    ['proven in step within the poll interval', 'healthy', undefined, {}],
    ['proven within the interval and one tick', 'healthy', undefined, { provenAt: minutes(-29) }],
    [
      'without an error, but not proven for longer',
      'stale',
      'overdue',
      { provenAt: minutes(-31), failures: 0 },
    ],
    ['synced just now without proof', 'stale', 'overdue', { provenAt: minutes(-31), lastSyncedAt: NOW }],
    ['that is not polled', 'stale', 'not-polled', { provenAt: minutes(-31), nextSyncAt: null }],
    [
      'whose sync tokens keep expiring',
      'stale',
      'token-expiring',
      { provenAt: minutes(-40), tokenExpiries: 3, nextSyncAt: minutes(60) },
    ],
    [
      'that has never been handed a sync token',
      'stale',
      'token-expiring',
      { provenAt: null, tokenExpiries: 1, nextSyncAt: minutes(15) },
    ],
    [
      'that waits for its first sync',
      'pending',
      'never-synced',
      { provenAt: null, nextSyncAt: minutes(-20) },
    ],
    ['whose first sync never comes', 'stale', 'never-synced', { provenAt: null, nextSyncAt: minutes(-31) }],
    ['whose last sync failed', 'failing', 'failing', { failures: 1, lastError: 'GoogleUnavailable' }],
    ['whose first sync failed', 'failing', 'failing', { failures: 1, provenAt: null }],
    ['that an audit found different', 'drifted', 'drifted', { drift: 2, verifiedAt: minutes(-60) }],
    ['that an audit found equal', 'healthy', undefined, { drift: 0, verifiedAt: minutes(-60) }],
    [
      'listed anew since the audit',
      'healthy',
      undefined,
      { drift: 2, verifiedAt: minutes(-60), lastFullSyncAt: minutes(-5) },
    ],
    [
      'listed anew since, where that mends nothing',
      'drifted',
      'drifted',
      { drift: 2, lastingDrift: 1, verifiedAt: minutes(-60), lastFullSyncAt: minutes(-5) },
    ],
    ['with an event that cannot be read', 'degraded', 'left-out', { unreadableIds: ['one'] }],
    [
      'with an event that cannot be read, and not proven',
      'stale',
      'overdue',
      { provenAt: minutes(-31), unreadableIds: ['one'] },
    ],
    [
      'that Google no longer shows',
      'inaccessible',
      'inaccessible',
      { failures: 3 },
      { status: 'inaccessible' },
    ],
    [
      'that the calendar list lacks, though its events can be listed',
      'missing',
      'missing',
      {},
      { missingSince: minutes(-20) },
    ],
    [
      'that the calendar list lacks and whose last sync failed',
      'failing',
      'failing',
      { failures: 1 },
      { missingSince: minutes(-20) },
    ],
    [
      'whose grant was revoked',
      'needs_reconnect',
      'needs-reconnect',
      {},
      { accountStatus: 'needs_reconnect' },
    ],
    ['that is switched off', 'disabled', 'disabled', { failures: 3 }, { enabled: false }],
    ['of a disconnected account', 'disabled', 'disconnected', {}, { accountStatus: 'disconnected' }],
  ])('%s is %s', async (_, health, reason, syncState, calendar = {}) => {
    const { id } = await workspaceWith(syncState, calendar);
    const status = await calendarStatus(id);
    expect([status?.health, status?.reason?.code]).toEqual([health, reason]);
  });

  it('keeps a longer promise while a push channel is live, and only then', async () => {
    const { id, calendarId } = await workspaceWith({ provenAt: minutes(-300) });
    const channel = await fixture.prisma.watchChannel.create({
      data: { calendarId, status: 'live', expiresAt: minutes(5) },
    });
    expect(await calendarStatus(id)).toMatchObject({
      health: 'healthy',
      freshnessSeconds: 300 * 60,
      promisedSeconds: (360 + 15) * 60,
    });
    await fixture.prisma.watchChannel.update({ where: { id: channel.id }, data: { expiresAt: minutes(-5) } });
    expect(await calendarStatus(id)).toMatchObject({ health: 'stale', promisedSeconds: 30 * 60 });
  });

  it('comes with its open dead letters', async () => {
    const { id, calendarId, accountId } = await workspaceWith({});
    const deadLetter = {
      workspaceId: id,
      operation: 'sync',
      workflowId: 'w',
      runId: 'r',
      failureType: 'TimedOut',
    };
    await fixture.prisma.deadLetter.createMany({
      data: [
        { ...deadLetter, calendarId },
        { ...deadLetter, calendarId, status: 'resolved' },
        { ...deadLetter, accountId },
      ],
    });
    const status = await readWorkspaceStatus(fixture.prisma, id, OPTIONS);
    expect(status).toMatchObject({ deadLetters: 2, calendars: [{ deadLetters: 1 }] });
  });
});

describe('the health of everything', () => {
  async function everyStatus(): Promise<WorkspaceStatus[]> {
    const all: WorkspaceStatus[] = [];
    for await (const page of readStatusPages(fixture.prisma, OPTIONS)) all.push(...page);
    return all;
  }

  it('is the sum of the workspaces', async () => {
    const all = await everyStatus();
    const calendars = all.flatMap((workspace) => workspace.calendars);
    const countsOf = (rows: readonly { health: string }[]) => {
      const counts: Record<string, number> = {};
      for (const { health } of rows) counts[health] = (counts[health] ?? 0) + 1;
      return counts;
    };
    const proofs = calendars.flatMap(({ health, provenAt }) =>
      health === 'disabled' ? [] : (provenAt ?? []),
    );

    expect(await readOverallHealth(fixture.prisma, OPTIONS)).toEqual({
      health: 'needs_reconnect',
      workspaces: all.length,
      calendars: calendars.length,
      workspacesByHealth: countsOf(all),
      byHealth: countsOf(calendars),
      oldestProvenAt: proofs.toSorted()[0],
      deadLetters: 2,
    });
  });

  it('names the worst workspaces first, each as its own status does', async () => {
    await fixture.connect('no-calendar-yet');
    const healths = new Map((await everyStatus()).map(({ id, health }) => [id, health]));
    const { worst } = await readInstallationHealth(fixture.prisma, 1_000, OPTIONS);
    expect(new Map(worst.map(({ id, health }) => [id, health]))).toEqual(healths);
    expect(worst[0]?.health).toBe('needs_reconnect');
    expect(worst.at(-1)?.health).toBe('disabled');
    const first = await readInstallationHealth(fixture.prisma, 3, OPTIONS);
    expect(first.worst).toEqual(worst.slice(0, 3));
  });

  it('is pending while there is no workspace', async () => {
    const empty = await createClientFixture();
    try {
      expect(await readOverallHealth(empty.prisma, OPTIONS)).toEqual({
        health: 'pending',
        workspaces: 0,
        calendars: 0,
        workspacesByHealth: {},
        byHealth: {},
        oldestProvenAt: null,
        deadLetters: 0,
      });
    } finally {
      await empty.drop();
    }
  });
});
