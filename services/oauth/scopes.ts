const PREFIX = 'https://www.googleapis.com/auth/';

/**
 * The least that Almanac works with: which calendars there are, what is in them, and a calendar of its own to write
 * plans to. It cannot change anything else, and does not learn who the user is.
 */
export const REQUIRED_SCOPES: readonly string[] = [
  `${PREFIX}calendar.calendarlist.readonly`,
  `${PREFIX}calendar.events.readonly`,
  `${PREFIX}calendar.app.created`,
];

/** Google lets people untick scopes, and says in the token's answer what is left. */
export function missingScopes(granted: readonly string[]): string[] {
  return REQUIRED_SCOPES.filter((scope) => !granted.includes(scope)).map((scope) =>
    scope.slice(PREFIX.length),
  );
}
