import type { FastifyInstance } from 'fastify';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { notFound } from '../http/google-error.ts';
import { DEFAULT_TIME_ZONE } from '../state/emulator-state.ts';
import { paramOf } from '../http/request-parts.ts';

const EVENT_COLORS: Record<string, string> = {
  1: '#a4bdfc',
  2: '#7ae7bf',
  3: '#dbadff',
  4: '#ff887c',
  5: '#fbd75b',
  6: '#ffb878',
  7: '#46d6db',
  8: '#e1e1e1',
  9: '#5484ed',
  10: '#51b749',
  11: '#dc2127',
};

const setting = ([id, value]: [string, string]) => ({
  kind: 'calendar#setting',
  etag: `"${id}${value}"`,
  id,
  value,
});

/** settings.list, settings.get and colors.get, as far as sync clients use them */
export function settingsRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  const settingsOf = (email: string): Record<string, string> => ({
    timezone: state.calendars.get(email)?.timeZone ?? DEFAULT_TIME_ZONE,
    locale: 'en',
    weekStart: '1',
    format24HourTime: 'true',
  });
  server.get('/calendar/v3/users/me/settings', async (request, reply) =>
    answer(request, reply, {
      kind: 'calendar#settings',
      items: Object.entries(settingsOf(callerOf(request).email)).map(setting),
    }),
  );
  server.get('/calendar/v3/users/me/settings/:setting', async (request, reply) => {
    const id = paramOf(request, 'setting');
    const value = settingsOf(callerOf(request).email)[id];
    if (value === undefined) throw notFound();
    return answer(request, reply, setting([id, value]));
  });
  server.get('/calendar/v3/colors', async (request, reply) => {
    const colors = Object.entries(EVENT_COLORS).map(([id, background]) => [
      id,
      { background, foreground: '#1d1d1d' },
    ]);
    return answer(request, reply, {
      kind: 'calendar#colors',
      calendar: { 14: { background: '#9fe1e7', foreground: '#1d1d1d' } },
      event: Object.fromEntries(colors),
    });
  });
}
