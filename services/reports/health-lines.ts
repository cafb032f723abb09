import { HEALTHS } from '../../contracts/health.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { HealthReport } from './health-report.ts';
import { type Report, withLines } from './report.ts';

/** A report on the installation, for its operator. */
export function healthLines(health: HealthReport): Report {
  const { readAt, overall, oldestCalendar, failures, google, push, webhooks, messages } = health;
  const { verification, versions } = health;
  return {
    title: `Almanac is ${overall.health}, ${readAt}`,
    sections: withLines([
      {
        heading: 'Calendars',
        lines: [
          `Workspaces: ${overall.workspaces}${byHealth(overall.workspacesByHealth)}`,
          `Calendars: ${overall.calendars}${byHealth(overall.byHealth)}`,
          ...(oldestCalendar === null
            ? []
            : [
                `Oldest proof: ${oldestCalendar.provenAt ?? 'none yet'}, calendar ${oldestCalendar.calendarId} of ${oldestCalendar.workspaceId}`,
              ]),
          `Push: ${push.live} of ${push.calendars} have a live channel`,
        ],
      },
      {
        heading: 'Open dead letters',
        lines: failures.map(
          ({ failureType, operation, deadLetters, since }) =>
            `${deadLetters} of ${operation}, ${failureType}, since ${since}. ${RETRY_TABLE[failureType].advice}`,
        ),
      },
      {
        heading: 'Google',
        lines: [
          `${google.requests} requests on ${google.day} in Pacific time, ${google.forecast} expected, of ${google.budget} a day`,
          ...(google.stretchedCalendars > 0
            ? [`Calendars that are polled less: ${google.stretchedCalendars}`]
            : []),
        ],
      },
      {
        heading: 'Deliveries',
        lines: [
          `Webhooks: ${webhooks.active} active, ${webhooks.failing} of them failing, ${webhooks.paused} paused`,
          `Messages to notifiers within a day: ${messages.delivered} delivered, ${messages.unconfirmed} may have arrived, ${messages.failed} failed`,
        ],
      },
      {
        heading: 'Verification',
        lines: [
          verification.lastAt === null
            ? 'No calendar has been verified yet'
            : `Calendars within a week: ${verification.calendars}, the last at ${verification.lastAt}; with differences from Google: ${verification.drifted}`,
          ...(verification.lasting > 0 ? [`Calendars whose differences last: ${verification.lasting}`] : []),
        ],
      },
      {
        heading: 'Versions',
        lines: [
          `Almanac ${versions.almanac}, Node ${versions.node}, Postgres ${versions.postgres}`,
          `Last migration: ${versions.lastMigration ?? 'none'}`,
        ],
      },
    ]),
  };
}

function byHealth(counts: Partial<Record<string, number>>): string {
  const parts = HEALTHS.flatMap((name) => (counts[name] === undefined ? [] : [`${counts[name]} ${name}`]));
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
