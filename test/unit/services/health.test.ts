import { describe, expect, it } from 'vitest';
import { HEALTH_REASONS } from '../../../contracts/health.ts';
import { explainReason, worstHealth } from '../../../services/health/explain-health.ts';

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

describe('the reason of a health', () => {
  const state = {
    id: 'c',
    workspaceId: 'acme',
    drift: 3,
    isPrimary: false,
    lastError: 'GoogleUnavailable',
    missingSince: new Date('2026-03-01T10:00:00Z'),
    promisedSeconds: 1_800,
    unreadable: 2,
    tooCostly: 1,
  };

  it.each(HEALTH_REASONS)('%s is explained in one sentence', (reason) => {
    expect(explainReason(reason, state).message).toMatch(/^[A-Z][^\n]+\.$/);
  });

  it('names the failure type, the drift and the promise', () => {
    expect(explainReason('failing', state).message).toContain('GoogleUnavailable');
    expect(explainReason('drifted', state).message).toContain('3 differences');
    expect(explainReason('overdue', state).message).toContain('30 minutes');
  });

  it('has the remedy as data, and none where the next tick mends it', () => {
    expect(explainReason('disabled', state).remedy).toEqual({
      action: 'enable-calendar',
      workspaceId: 'acme',
      calendarId: 'c',
    });
    expect(explainReason('failing', state).remedy).toBeUndefined();
  });

  it('says since when a calendar is missing, and what will become of it', () => {
    const sentence = explainReason('missing', state).message;
    expect(sentence).toContain('since 2026-03-01T10:00:00.000Z');
    expect(sentence).toContain('then it is removed');
    expect(explainReason('missing', { ...state, isPrimary: true }).message).not.toContain('is removed');
  });
});
