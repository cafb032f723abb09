/** Does `select 1`, and answers 204 as the webhook does. */
export const BARE_SELECT = '/select';
/** Reads as many occurrences as it is told to. */
export const BARE_EVENTS = '/events';
