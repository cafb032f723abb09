import { describe, expect, it } from 'vitest';
import { CalendarQueue } from '../../../workflows/calendar-queue.ts';

function queueOf(...calendarIds: string[]): CalendarQueue {
  const queue = new CalendarQueue();
  for (const id of calendarIds) queue.add(id, 'incremental', 0);
  return queue;
}
const begun = (queue: CalendarQueue, now: number) => queue.next(now).map(({ calendarId }) => calendarId);

describe('the queue of calendars', () => {
  it('gives four their turn at a time, in the order in which they were asked for', () => {
    const queue = queueOf('a', 'b', 'c', 'd', 'e', 'f');
    expect(begun(queue, 0)).toEqual(['a', 'b', 'c', 'd']);
    expect(begun(queue, 10)).toEqual([]);
    queue.end('b');
    expect(begun(queue, 20)).toEqual(['e']);
  });

  it('takes the place of a calendar that has had its turn for five seconds', () => {
    const queue = queueOf('a', 'b', 'c', 'd', 'e');
    queue.next(0);
    expect(queue.wakeAt(100)).toBe(5_000);
    expect(begun(queue, 4_999)).toEqual([]);
    expect(begun(queue, 5_000)).toEqual(['e']);
    expect(queue.running).toBe(5);
  });

  it('comes to the last calendar though eight before it fail for minutes', () => {
    const queue = queueOf('1', '2', '3', '4', '5', '6', '7', '8', 'fine');
    queue.next(0);
    queue.next(5_000);
    expect(begun(queue, 10_000)).toEqual(['fine']);
  });

  it('never gives a calendar two turns at once, and one more however often it is asked for meanwhile', () => {
    const queue = queueOf('a');
    expect(queue.next(0)).toEqual([{ calendarId: 'a', mode: 'incremental', turn: 0 }]);
    queue.add('a', 'incremental', 1);
    queue.add('a', 'full', 2);
    queue.add('a', 'incremental', 3);
    expect(queue.next(60_000)).toEqual([]);
    expect(queue.wakeAt(60_000)).toBeUndefined();
    queue.end('a');
    expect(queue.next(60_000)).toEqual([{ calendarId: 'a', mode: 'full', turn: 1 }]);
    queue.end('a');
    expect(queue.outstanding).toBe(0);
  });

  it('leaves a growing gap between the turns of a calendar, and holds up no other for it', () => {
    const queue = new CalendarQueue();
    const beginnings: number[] = [];
    for (let now = 0; now <= 100_000; now += 500) {
      queue.add('a', 'incremental', 0);
      for (const { calendarId } of queue.next(now)) {
        beginnings.push(now);
        queue.end(calendarId);
      }
    }
    expect(beginnings).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
    queue.add('b', 'incremental', 0);
    expect(begun(queue, 100_000)).toEqual(['b']);
    expect(queue.wakeAt(100_000)).toBe(121_000);
  });

  it('has at most a hundred running', () => {
    const queue = queueOf(...Array.from({ length: 200 }, (_, index) => String(index)));
    for (let now = 0; now < 600_000; now += 5_000) queue.next(now);
    expect(queue.running).toBe(100);
    expect(queue.wakeAt(600_000)).toBeUndefined();
  });

  it('tells what has not had its turn, and since which pass', () => {
    const queue = queueOf('a');
    queue.next(0);
    queue.add('b', 'full', 2);
    queue.add('a', 'incremental', 3);
    expect([...queue.unserved()]).toEqual([
      ['b', 'full'],
      ['a', 'incremental'],
    ]);
    expect(queue.oldestPass()).toBe(2);
    queue.remove('b');
    expect(queue.oldestPass()).toBe(3);
  });
});
