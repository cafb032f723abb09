const PREFIX = 'https://www.googleapis.com/auth/';

/** Scopes granted if the consent names none. */
export const DEFAULT_SCOPES = [`${PREFIX}calendar`];

const READ_EVENTS = [
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  'calendar.events.owned',
  'calendar.events.owned.readonly',
  'calendar.app.created',
  'calendar.events.freebusy',
  'calendar.events.public.readonly',
];
const WRITE_EVENTS = ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created'];
const READ_LIST = [
  'calendar',
  'calendar.readonly',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
];
const WRITE_LIST = ['calendar', 'calendar.calendarlist'];
const READ_CALENDARS = [
  'calendar',
  'calendar.readonly',
  'calendar.calendars',
  'calendar.calendars.readonly',
  'calendar.app.created',
];
const WRITE_CALENDARS = ['calendar', 'calendar.calendars', 'calendar.app.created'];
const READ_ANY = [
  ...new Set([
    ...READ_EVENTS,
    ...READ_LIST,
    ...READ_CALENDARS,
    'calendar.settings.readonly',
    'calendar.freebusy',
  ]),
];

/** Whether a token with these scopes may call the method. */
export function scopesAllow(scopes: readonly string[], method: string, path: string): boolean {
  const allowed = scopesFor(method, path);
  return scopes.some((scope) => scope.startsWith(PREFIX) && allowed.includes(scope.slice(PREFIX.length)));
}

function scopesFor(method: string, path: string): string[] {
  const reads = method === 'GET' || path.endsWith('/watch');
  if (path.includes('/users/me/calendarList')) return reads ? READ_LIST : WRITE_LIST;
  if (/\/calendars\/[^/]+\/events/.test(path)) return reads ? READ_EVENTS : WRITE_EVENTS;
  if (/\/calendars(\/[^/]+)?$/.test(path)) return reads ? READ_CALENDARS : WRITE_CALENDARS;
  return READ_ANY;
}
