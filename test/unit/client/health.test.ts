import { describe, expect, it } from 'vitest';
import {
  accountHealth,
  calendarHealth,
  type CalendarState,
  type Health,
  worstHealth,
} from '../../../client/health.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

const SYNCED: CalendarState = {
  enabled: true,
  status: 'active',
  accountStatus: 'connected',
  failures: 0,
  lastSyncedAt: minutes(-5),
  nextSyncAt: minutes(10),
};

describe('the health of a calendar', () => {
  it.each<[string, Health, Partial<CalendarState>]>([
    ['that was synced and is not due', 'healthy', {}],
    ['that has been due for a tick', 'healthy', { nextSyncAt: minutes(-16) }],
    ['that has been due for longer than two ticks', 'stale', { nextSyncAt: minutes(-31) }],
    ['that nobody polls any more', 'stale', { nextSyncAt: null, lastSyncedAt: minutes(-31) }],
    ['that waits for its first sync', 'pending', { lastSyncedAt: null }],
    ['whose last sync failed', 'failing', { failures: 1 }],
    ['whose first sync failed', 'failing', { failures: 1, lastSyncedAt: null }],
    ['that Google no longer shows', 'inaccessible', { status: 'inaccessible', failures: 3 }],
    ['whose grant was revoked', 'needs_reconnect', { accountStatus: 'needs_reconnect', failures: 3 }],
    ['that is switched off', 'disabled', { enabled: false, failures: 3 }],
    ['of a disconnected account', 'disabled', { accountStatus: 'disconnected' }],
  ])('%s is %s', (_, health, state) => {
    expect(calendarHealth({ ...SYNCED, ...state }, NOW)).toBe(health);
  });
});

describe('the health of an account', () => {
  const CONNECTED = { status: 'connected', lastError: null, calendarListSyncedAt: NOW };

  it.each<[string, Health, object]>([
    ['that is connected', 'healthy', {}],
    ['whose calendar list was never read', 'pending', { calendarListSyncedAt: null }],
    ['whose calendar list cannot be read', 'failing', { lastError: 'GoogleUnavailable' }],
    ['whose grant was revoked', 'needs_reconnect', { status: 'needs_reconnect' }],
    ['that was disconnected', 'disabled', { status: 'disconnected' }],
  ])('%s is %s', (_, health, state) => {
    expect(accountHealth({ ...CONNECTED, ...state })).toBe(health);
  });
});

describe('the health of a workspace', () => {
  it('is the worst of its parts', () => {
    expect(worstHealth(['healthy', 'stale', 'needs_reconnect', 'failing'])).toBe('needs_reconnect');
  });

  it('does not suffer from what a person has switched off', () => {
    expect(worstHealth(['disabled', 'healthy'])).toBe('healthy');
  });

  it('is pending without an account', () => {
    expect(worstHealth([])).toBe('pending');
  });
});
