import { describe, expect, it } from 'vitest';
import { judgeEvent, type KnownBlock } from '../../../../services/planning/write-back/judge-event.ts';
import type { RemoteEvent } from '../../../../services/google/own-events.ts';

const span = { startMs: 9, endMs: 11 };
const block: KnownBlock = { span, inserting: false, deleting: false, target: null };
const event = (over: Partial<RemoteEvent> = {}): RemoteEvent => ({
  cancelled: false,
  etag: '"2"',
  ...span,
  isMeeting: false,
  properties: null,
  ...over,
});

describe('an event in Google, compared with its block', () => {
  it('is as written where it has not moved, whatever else was changed', () => {
    expect(judgeEvent(event(), block)).toEqual({ found: 'as-written', span, etag: '"2"' });
  });

  it('is moved, or resized, by a person where it is anywhere else', () => {
    expect(judgeEvent(event({ startMs: 12, endMs: 14 }), block)).toMatchObject({
      found: 'moved',
      resized: false,
    });
    expect(judgeEvent(event({ endMs: 10 }), block)).toMatchObject({ found: 'moved', resized: true });
  });

  it('is as written where a move whose answer was lost has arrived', () => {
    const target = { startMs: 12, endMs: 14 };
    expect(judgeEvent(event(target), { ...block, target })).toMatchObject({
      found: 'as-written',
      span: target,
    });
    expect(judgeEvent(event(), { ...block, target })).toMatchObject({ found: 'as-written', span });
  });

  it('is a meeting where it repeats or has guests, wherever it lies', () => {
    expect(judgeEvent(event({ isMeeting: true }), block)).toEqual({ found: 'meeting', span, etag: '"2"' });
    const moved = { startMs: 12, endMs: 14 };
    expect(judgeEvent(event({ isMeeting: true, ...moved }), block)).toMatchObject({
      found: 'meeting',
      span: moved,
    });
  });

  it('is deleted by a person, unless a deletion of ours was in progress', () => {
    const gone = event({ cancelled: true, startMs: null, endMs: null });
    for (const remote of [gone, null]) {
      expect(judgeEvent(remote, block)).toEqual({ found: 'deleted-by-user' });
      expect(judgeEvent(remote, { ...block, deleting: true })).toEqual({ found: 'deleted-by-us' });
    }
  });

  it('was never written where an insert did not arrive; one that arrived and is gone was deleted by a person', () => {
    expect(judgeEvent(null, { ...block, inserting: true })).toEqual({ found: 'never-written' });
    expect(judgeEvent(event({ cancelled: true }), { ...block, inserting: true })).toEqual({
      found: 'deleted-by-user',
    });
  });

  it('takes a block that was dragged to the all-day row for one the person wants gone', () => {
    expect(judgeEvent(event({ startMs: null, endMs: null }), block)).toEqual({ found: 'deleted-by-user' });
  });
});
