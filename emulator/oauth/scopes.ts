const PREFIX = 'https://www.googleapis.com/auth/';

/** Scopes granted if the consent names none. */
export const DEFAULT_SCOPES = [`${PREFIX}calendar`];

/** A scope without its prefix, as people read it. */
export const shortScope = (scope: string) => (scope.startsWith(PREFIX) ? scope.slice(PREFIX.length) : scope);

/** Counts only for calendars that the calling app has made. */
const APP_CREATED = 'calendar.app.created';
/** Count only for calendars that the user owns. */
const OWNED = ['calendar.events.owned', 'calendar.events.owned.readonly'];

const READ_EVENTS = [
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  ...OWNED,
  APP_CREATED,
  'calendar.events.freebusy',
  'calendar.events.public.readonly',
];
const MOVE_EVENTS = ['calendar', 'calendar.events', 'calendar.events.owned'];
const WRITE_EVENTS = [...MOVE_EVENTS, APP_CREATED];
const READ_LIST = [
  'calendar',
  'calendar.readonly',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
];
const WRITE_LIST = ['calendar', 'calendar.calendarlist'];
const CLEAR_CALENDARS = ['calendar', 'calendar.calendars'];
const WRITE_CALENDARS = [...CLEAR_CALENDARS, APP_CREATED];
const READ_CALENDARS = [...WRITE_CALENDARS, 'calendar.readonly', 'calendar.calendars.readonly'];
const READ_SETTINGS = ['calendar', 'calendar.readonly', 'calendar.settings.readonly'];
const READ_BUSY = ['calendar', 'calendar.readonly', 'calendar.events.freebusy', 'calendar.freebusy'];
const STOP_CHANNELS = [...READ_EVENTS, ...READ_LIST, ...READ_SETTINGS];
const READ_COLORS = [...READ_EVENTS, ...READ_LIST];

const LIST = '/users/me/calendarList';
const CALENDAR = '/calendars/[^/]+';
const EVENT = `${CALENDAR}/events/[^/]+`;

/** Google's methods with the scopes of which each suffices, as Google's clients list them. The first match counts. */
const METHODS: readonly [verbs: string, path: string, name: string, scopes: readonly string[]][] = [
  ['GET', LIST, 'CalendarList.List', READ_LIST],
  ['POST', LIST, 'CalendarList.Insert', WRITE_LIST],
  ['GET', `${LIST}/[^/]+`, 'CalendarList.Get', [...READ_LIST, APP_CREATED]],
  ['PUT', `${LIST}/[^/]+`, 'CalendarList.Update', [...WRITE_LIST, APP_CREATED]],
  ['PATCH', `${LIST}/[^/]+`, 'CalendarList.Patch', [...WRITE_LIST, APP_CREATED]],
  ['DELETE', `${LIST}/[^/]+`, 'CalendarList.Delete', [...WRITE_LIST, APP_CREATED]],
  ['POST', '/calendars', 'Calendars.Insert', WRITE_CALENDARS],
  ['GET', CALENDAR, 'Calendars.Get', READ_CALENDARS],
  ['PUT', CALENDAR, 'Calendars.Update', WRITE_CALENDARS],
  ['PATCH', CALENDAR, 'Calendars.Patch', WRITE_CALENDARS],
  ['DELETE', CALENDAR, 'Calendars.Delete', WRITE_CALENDARS],
  ['POST', `${CALENDAR}/clear`, 'Calendars.Clear', CLEAR_CALENDARS],
  ['GET', `${CALENDAR}/events`, 'Events.List', READ_EVENTS],
  ['POST', `${CALENDAR}/events`, 'Events.Insert', WRITE_EVENTS],
  ['POST', `${CALENDAR}/events/watch`, 'Events.Watch', READ_EVENTS],
  ['POST', `${CALENDAR}/events/import`, 'Events.Import', WRITE_EVENTS],
  ['GET', EVENT, 'Events.Get', READ_EVENTS],
  ['PUT', EVENT, 'Events.Update', WRITE_EVENTS],
  ['PATCH', EVENT, 'Events.Patch', WRITE_EVENTS],
  ['DELETE', EVENT, 'Events.Delete', WRITE_EVENTS],
  ['GET', `${EVENT}/instances`, 'Events.Instances', READ_EVENTS],
  ['POST', `${EVENT}/move`, 'Events.Move', MOVE_EVENTS],
  ['POST', '/channels/stop', 'Channels.Stop', STOP_CHANNELS],
  ['POST', '/freeBusy', 'Freebusy.Query', READ_BUSY],
  ['GET', '/users/me/settings', 'Settings.List', READ_SETTINGS],
  ['GET', '/users/me/settings/[^/]+', 'Settings.Get', READ_SETTINGS],
  ['GET', '/colors', 'Colors.Get', READ_COLORS],
];

const RULES = METHODS.map(([verb, path, name, scopes]) => ({
  verb,
  path: new RegExp(`^/calendar/v3(${path})$`),
  name,
  scopes: scopes.map((scope) => PREFIX + scope),
}));

/** What decides whether a scope counts for a calendar. */
export interface CallersCalendar {
  /** Whether the calling app has made it. */
  isMadeByApp: boolean;
  isOwned: boolean;
}

/** A method that the token's scopes do not allow. */
export interface ScopeRefusal {
  name: string;
  /** Scopes of which one would do. */
  sufficient: readonly string[];
}

/**
 * The refusal of a call; undefined if the token's scopes allow it.
 * @param calendars calendars of the call that the caller can see; without access the answer is 404
 */
export function refusalOfScopes(
  granted: readonly string[],
  method: string,
  path: string,
  calendars: readonly CallersCalendar[],
): ScopeRefusal | undefined {
  const rule = RULES.find(({ verb, path: pattern }) => verb === method && pattern.test(path));
  // No method of Google's: the answer is 404.
  if (rule === undefined) return undefined;
  const counts = (scope: string) => calendars.every((calendar) => countsFor(shortScope(scope), calendar));
  const isAllowed = granted.some((scope) => rule.scopes.includes(scope) && counts(scope));
  return isAllowed ? undefined : { name: rule.name, sufficient: rule.scopes };
}

function countsFor(scope: string, { isMadeByApp, isOwned }: CallersCalendar): boolean {
  if (scope === APP_CREATED) return isMadeByApp;
  return isOwned || !OWNED.includes(scope);
}
