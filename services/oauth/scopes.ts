const PREFIX = 'https://www.googleapis.com/auth/';

/**
 * Minimum scopes: to list calendars, to read their events, and to write plans to a calendar of Almanac's own.
 * Almanac can change nothing else, and does not learn who the user is.
 */
export const REQUIRED_SCOPES: readonly string[] = [
  `${PREFIX}calendar.calendarlist.readonly`,
  `${PREFIX}calendar.events.readonly`,
  `${PREFIX}calendar.app.created`,
];

/** Asked for as well if the workspace enables writing: to change events of any calendar. */
const CHANGE_EVENTS = `${PREFIX}calendar.events`;

/** Scopes of which each suffices to change events. Imported grants may have the broader one. */
export const WRITE_SCOPES: readonly string[] = [CHANGE_EVENTS, `${PREFIX}calendar`];

/** Scopes to ask for at Google. */
export function scopesToAskFor(writing: boolean): string[] {
  return writing ? [...REQUIRED_SCOPES, CHANGE_EVENTS] : [...REQUIRED_SCOPES];
}

/** Required scopes that the user has unticked, as short names. The token answer lists the granted ones. */
export function missingScopes(granted: readonly string[]): string[] {
  return REQUIRED_SCOPES.filter((scope) => !granted.includes(scope)).map((scope) =>
    scope.slice(PREFIX.length),
  );
}

/** Whether a grant allows events to be changed in calendars that Almanac has not made. */
export function mayWrite(granted: readonly string[]): boolean {
  return granted.some((scope) => WRITE_SCOPES.includes(scope));
}
