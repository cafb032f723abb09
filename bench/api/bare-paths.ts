/** Does `select 1`, and answers 204 as the webhook does. */
export const BARE_SELECT = '/select';
/** Reads the given number of occurrences. */
export const BARE_EVENTS = '/events';
