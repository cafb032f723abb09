import type { CalendarHealthRow } from './calendar-health.ts';
import { type Health, type HealthReason, HEALTHS } from '../../contracts/health.ts';

export type { Health, HealthReason };

/** The worst of `parts`; what is disabled counts only where there is nothing else. */
export function worstHealth(parts: readonly Health[]): Health {
  return HEALTHS.find((health) => parts.includes(health)) ?? 'pending';
}

const SECONDS_PER_MINUTE = 60;

/** Why a calendar is not healthy, and what to do about it, in one sentence. */
export function explainReason(
  reason: HealthReason,
  row: Pick<
    CalendarHealthRow,
    'drift' | 'isPrimary' | 'lastError' | 'missingSince' | 'promisedSeconds' | 'tooCostly' | 'unreadable'
  >,
): string {
  const { drift, isPrimary, lastError, missingSince, promisedSeconds, tooCostly, unreadable } = row;
  switch (reason) {
    case 'disabled':
      return 'The calendar is switched off: `almanac calendar enable` switches it on.';
    case 'disconnected':
      return 'Its account was disconnected: `almanac account connect` connects it again.';
    case 'needs-reconnect':
      return 'Google no longer accepts the grant of its account: connect the account again.';
    case 'inaccessible':
      return 'Google no longer shows the calendar to its account: share it again, or disable it.';
    case 'drifted':
      return `A verification found ${drift} differences between the mirror and Google: \`almanac verify --repair\`.`;
    case 'missing': {
      const what = `Google's calendar list lacks it since ${missingSince?.toISOString()}. Its events are kept and synced`;
      const until = isPrimary
        ? 'until the list is whole again, for a primary calendar cannot be removed'
        : 'until three lists in a row lack it, the last an hour after the first; then it is removed';
      return `${what} ${until}. \`almanac sync\` reads the list at once.`;
    }
    case 'failing':
      return `The last sync failed (${lastError ?? 'InternalError'}); it is tried again, ever less often.`;
    case 'never-synced':
      return 'It has never been synced to its end: wait for the next tick, or `almanac sync`.';
    case 'token-expiring':
      return 'Google keeps expiring its sync tokens, or hands out none, so that it is listed in full, ever less often: `almanac sync`.';
    case 'not-polled':
      return 'It is not polled at the moment: `almanac sync`, or refresh its account.';
    case 'overdue': {
      const minutes = Math.round(promisedSeconds / SECONDS_PER_MINUTE);
      return `It was not proven in step within the promised ${minutes} minutes: look for running workers and paused schedules (\`almanac doctor\`).`;
    }
    case 'left-out':
      return `Google sends ${unreadable} events that cannot be read, and ${tooCostly} series name too many times to show: correct them in Google Calendar.`;
  }
}
