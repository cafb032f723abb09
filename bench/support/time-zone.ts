/** Time zone of every generated calendar. */
export const TIME_ZONE = 'Europe/Berlin';
