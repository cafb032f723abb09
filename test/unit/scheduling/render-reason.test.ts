import { describe, expect, it } from 'vitest';
import { renderMinutes, renderPlacement, renderUnscheduled } from '../../../scheduling/index.ts';

const context = { timeZone: 'Europe/Berlin', nameOf: (refId: string) => `“${refId}”` };

describe('reasons as sentences', () => {
  it('names times in the zone of the workspace', () => {
    const reason = { code: 'after-deadline', deadline: '2026-01-05T16:00:00Z', lateMinutes: 90 } as const;
    expect(renderPlacement(reason, context)).toBe(
      '1 h 30 min of it after the deadline of 2026-01-05 17:00: there was no time before.',
    );
  });

  it('names tasks as the user does', () => {
    expect(renderPlacement({ code: 'displaced-by', refId: 'report' }, context)).toBe(
      'Moved to make room for “report”.',
    );
    expect(renderUnscheduled({ code: 'no-gap-long-enough', longest: 60, needed: 120 }, context)).toBe(
      'The longest gap is 1 h, and 2 h at a stretch are needed.',
    );
  });

  it('does not call a block that has begun pinned by the user', () => {
    expect(renderPlacement({ code: 'kept', because: 'pinned' }, context)).toBe(
      'Stays: it is pinned, or has begun.',
    );
  });

  it('writes durations in hours and minutes', () => {
    expect([45, 60, 125].map(renderMinutes)).toEqual(['45 min', '1 h', '2 h 5 min']);
  });
});
