import { z } from 'zod';
import { FailureType } from '../../contracts/failure-types.ts';
import { type Health, type HealthReason, HEALTHS } from '../../contracts/health.ts';
import { type Remedy, RemedyAction } from '../../contracts/remedies.ts';
import type { CalendarHealthRow } from './calendar-health.ts';

export type { Health, HealthReason };

export const healthSchema = z.enum(HEALTHS).describe('Worst health of its parts');

/** The worst of `parts`; `disabled` counts only where there is nothing else. */
export function worstHealth(parts: readonly Health[]): Health {
  return HEALTHS.find((health) => parts.includes(health)) ?? 'pending';
}

const SECONDS_PER_MINUTE = 60;

/** Reason why a calendar is not healthy, in a sentence, and the remedy where an action is needed. */
export interface Explanation {
  message: string;
  remedy?: Remedy;
}

type ExplainedRow = Pick<
  CalendarHealthRow,
  | 'id'
  | 'workspaceId'
  | 'drift'
  | 'isPrimary'
  | 'lastError'
  | 'missingSince'
  | 'promisedSeconds'
  | 'tooCostly'
  | 'unreadable'
>;

const MENDED_BY: Partial<Record<HealthReason, RemedyAction>> = {
  paused: RemedyAction.resumeWorkspace,
  disabled: RemedyAction.enableCalendar,
  disconnected: RemedyAction.connectAccount,
  'needs-reconnect': RemedyAction.connectAccount,
  inaccessible: RemedyAction.shareCalendar,
  drifted: RemedyAction.repairMirror,
  missing: RemedyAction.syncWorkspace,
  'never-synced': RemedyAction.syncWorkspace,
  'token-expiring': RemedyAction.syncWorkspace,
  'not-polled': RemedyAction.syncWorkspace,
  overdue: RemedyAction.inspectInstallation,
};

export function explainReason(reason: HealthReason, row: ExplainedRow): Explanation {
  const action = MENDED_BY[reason];
  const { id: calendarId, workspaceId } = row;
  return { message: messageOf(reason, row), ...(action && { remedy: { action, workspaceId, calendarId } }) };
}

function messageOf(reason: HealthReason, row: ExplainedRow): string {
  const { drift, isPrimary, lastError, missingSince, promisedSeconds, tooCostly, unreadable } = row;
  switch (reason) {
    case 'paused':
      return 'The workspace is paused.';
    case 'disabled':
      return 'The calendar is disabled.';
    case 'disconnected':
      return 'The account of the calendar was disconnected.';
    case 'needs-reconnect':
      return 'Google no longer accepts the grant of the account.';
    case 'inaccessible':
      return 'Google no longer shows the calendar to the account.';
    case 'drifted':
      return `A verification found ${drift} differences between the mirror and Google.`;
    case 'missing': {
      const since = missingSince?.toISOString();
      const end = isPrimary
        ? 'until the list is whole again, because a primary calendar cannot be removed'
        : 'until three lists in a row lack it, the last one an hour after the first; then it is removed';
      return `Google's calendar list has lacked the calendar since ${since}. Its events are kept and synced ${end}.`;
    }
    case 'failing':
      return `The last sync failed (${lastError ?? FailureType.internal}); it is retried at growing intervals.`;
    case 'never-synced':
      return 'No sync of the calendar has completed.';
    case 'token-expiring':
      return 'Google keeps expiring the sync tokens of the calendar, or issues none, so it is listed in full, at growing intervals.';
    case 'not-polled':
      return 'The calendar is not polled at the moment.';
    case 'overdue': {
      const minutes = Math.round(promisedSeconds / SECONDS_PER_MINUTE);
      return `The mirror was not confirmed to match Google within the promised ${minutes} minutes.`;
    }
    case 'left-out':
      return `Google sends ${unreadable} unreadable events, and ${tooCostly} series have too many times to expand: correct them in Google Calendar.`;
  }
}
