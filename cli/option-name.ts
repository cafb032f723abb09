/** Options whose name differs from their field's. */
const OPTION_NAMES: Record<string, string> = {
  autoSchedule: 'auto',
  earliestStart: 'earliest',
  granularity: 'grid',
  idealTime: 'ideal',
  maxMinutesPerDay: 'max-per-day',
  overlapping: 'apart',
  splittable: 'split',
  startDate: 'start',
  targetAccount: 'account',
  targetCalendar: 'calendar',
  windows: 'to',
};

/**
 * Name of the option or argument that sets a field: `time-zone` for `timeZone`, `calendar` for
 * `calendarIds.0`, `min-chunk` for `minChunkMinutes`.
 */
export function optionName(field: string): string {
  // `free` has one window, and the options of slots beside its others.
  const [list = '', index] = field.replace(/^(slots|windows\.0)\./, '').split('.');
  const isItem = index !== undefined && /^\d+$/.test(index);
  const name = (isItem ? list.replace(/s$/, '') : list).replace(/(Ids?|Minutes)$/, '');
  return OPTION_NAMES[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
