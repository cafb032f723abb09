import type { FastifyInstance } from 'fastify';
import { busyIntervals } from '../calendars/free-busy.ts';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { GoogleError, invalidBody } from '../http/google-error.ts';
import { dateTimeToMs } from '../recurrence/event-time.ts';
import { fieldsOf, stringsOf } from '../http/request-parts.ts';

/** freebusy.query */
export function freeBusyRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  server.post('/calendar/v3/freeBusy', async (request, reply) => {
    const { email } = callerOf(request);
    const { timeMin, timeMax, items } = fieldsOf(request.body);
    const fromMs = dateTimeToMs(String(timeMin));
    const toMs = dateTimeToMs(String(timeMax));
    if (Number.isNaN(fromMs) || Number.isNaN(toMs))
      throw invalidBody('Missing timeMin or timeMax parameter.', 'required');
    if (toMs <= fromMs) {
      throw new GoogleError(400, {
        domain: 'calendar',
        reason: 'timeRangeEmpty',
        message: 'The specified time range is empty.',
        locationType: 'parameter',
        location: 'timeMax',
      });
    }
    const calendars: Record<string, unknown> = {};
    for (const item of Array.isArray(items) ? items : []) {
      const { id = '' } = stringsOf(item);
      const access = state.access(email, id);
      calendars[id] = access
        ? { busy: busyIntervals(access.store, fromMs, toMs) }
        : { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
    }
    return answer(request, reply, {
      kind: 'calendar#freeBusy',
      timeMin: new Date(fromMs).toISOString(),
      timeMax: new Date(toMs).toISOString(),
      calendars,
    });
  });
}
