import { GoogleError, invalidBody } from '../http/google-error.ts';
import { dateTimeToMs, dateToMs, eventTimeMs } from '../recurrence/event-time.ts';
import { seriesHasStart, seriesStarts } from '../recurrence/expand.ts';
import { buildInstance } from '../recurrence/instances.ts';
import type { EventResource } from '../state/types.ts';
import type { EventContext } from './event-context.ts';
import type { EventInput } from './normalize-event.ts';
import { resolveEvent } from './resolve-event.ts';
import { changeEvent, insertEvent } from './write-event.ts';

/**
 * Ends a series before one of its occurrences and continues it as a new one; two writes, as clients of Google
 * do it.
 */
export function splitSeries(
  context: EventContext,
  masterId: string,
  originalStart: string,
  changes: EventInput,
): EventResource {
  const { store } = context;
  const { resource: master } = resolveEvent(store, masterId);
  const zone = master.start?.timeZone;
  const startMs = originalStart.includes('T') ? dateTimeToMs(originalStart, zone) : dateToMs(originalStart);
  if (!master.recurrence || master.status === 'cancelled') {
    throw new GoogleError(400, {
      domain: 'calendar',
      reason: 'invalidRecurringEvent',
      message: 'The event is not a recurring event.',
    });
  }
  if (Number.isNaN(startMs) || !seriesHasStart(master, startMs))
    throw invalidBody('The series has no such occurrence.');

  const firstMs = eventTimeMs(master.start!);
  if (startMs === firstMs) return changeEvent(context, masterId, changes);
  const { recurrence } = master;
  // COUNT counts what EXDATE removes, and not what RDATE adds.
  const counted = { ...master, recurrence: recurrence.filter((line) => /^RRULE/i.test(line)) };
  const before = seriesStarts(counted, { fromMs: -Infinity, toMs: startMs }).length;
  changeEvent(context, masterId, { recurrence: recurrence.map((line) => endBefore(line, startMs, master)) });
  const first = buildInstance(master, startMs, store.timeZone);
  const { id: _id, iCalUID: _uid, recurringEventId: _r, originalStartTime: _o, etag: _e, ...copied } = first;
  return insertEvent(context, {
    ...copied,
    recurrence: recurrence.map((line) => lessCount(line, before)),
    ...changes,
  });
}

/** COUNT and UNTIL give way to an UNTIL just before the split. */
function endBefore(line: string, startMs: number, master: EventResource): string {
  if (!/^RRULE:/i.test(line)) return line;
  const lastMs = startMs - 1000;
  const stamp = new Date(lastMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const until = master.start?.date === undefined ? stamp : stamp.slice(0, 8);
  return `${line.replace(/;?(COUNT|UNTIL)=[^;]*/gi, '').replace(':;', ':')};UNTIL=${until}`;
}

function lessCount(line: string, done: number): string {
  return line.replace(/COUNT=(\d+)/i, (_all, count) => `COUNT=${Math.max(1, Number(count) - done)}`);
}
