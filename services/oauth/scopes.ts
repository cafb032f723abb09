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

/** Required scopes that the user has unticked, as short names. The token answer lists the granted ones. */
export function missingScopes(granted: readonly string[]): string[] {
  return REQUIRED_SCOPES.filter((scope) => !granted.includes(scope)).map((scope) =>
    scope.slice(PREFIX.length),
  );
}
