import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CalendarPace, SIGNAL_GAP_MS } from '../../../api/push/calendar-pace.ts';

const CALENDAR = 'calendar';
const LISTED = new Date('2026-01-05T09:00:00Z');
const BEFORE = new Date('2026-01-05T08:00:00Z');

let pace: CalendarPace;
let sent: number[];
beforeEach(() => {
  [pace, sent] = [new CalendarPace(), []];
});
afterEach(() => pace.close());

/** Signals are for notifications from before the listing: none is ever on its way. */
const notify = (calendarId = CALENDAR) =>
  pace.notify(calendarId, LISTED, async () => {
    sent.push(Date.now());
    return BEFORE;
  });
const until = (signals: number) => expect.poll(() => sent.length, { timeout: 10_000 }).toBe(signals);
const gap = (index: number) => sent[index]! - sent[index - 1]!;

describe('signals of a calendar', () => {
  it('are sent at once, and then with a gap between them', async () => {
    await notify();
    expect(sent).toHaveLength(1);
    await notify();
    await notify();
    expect(sent).toHaveLength(1);
    await until(2);
    expect(gap(1)).toBeGreaterThanOrEqual(SIGNAL_GAP_MS - 5);
  });

  it('do not wait for those of another', async () => {
    await notify();
    await notify('another');
    expect(sent).toHaveLength(2);
  });

  it('are further and further apart in a flood, and not after it', async () => {
    await notify();
    for (let count = 0; count < 100; count += 1) await notify();
    await until(2);
    await notify();
    await until(3);
    expect(gap(2)).toBeGreaterThanOrEqual(2 * SIGNAL_GAP_MS - 5);
    await notify();
    await until(4);
    expect(gap(3)).toBeLessThan(1.9 * SIGNAL_GAP_MS);
  });

  it('are not sent while one is on its way to a listing that has not begun', async () => {
    const send = async () => {
      sent.push(Date.now());
      return LISTED;
    };
    await pace.notify(CALENDAR, BEFORE, send);
    await new Promise((resolve) => setTimeout(resolve, SIGNAL_GAP_MS + 50));
    await pace.notify(CALENDAR, BEFORE, send);
    await pace.notify(CALENDAR, null, send);
    expect(sent).toHaveLength(1);
    await pace.notify(CALENDAR, LISTED, send);
    expect(sent).toHaveLength(2);
  });
});
