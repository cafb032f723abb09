import { requireVariables, type Variables } from '../client/environment.ts';
import { MINUTE_MS } from '../contracts/durations.ts';
import type { HealthReportOptions } from '../services/reports/read-health-report.ts';

/** What the variables say that calendars are promised, and Google's budget. */
export function healthOptions(variables: Variables): HealthReportOptions {
  const { POLL_INTERVAL_MINUTES, POLL_INTERVAL_WITH_PUSH_MINUTES, GOOGLE_DAILY_BUDGET } = requireVariables(
    variables,
    'POLL_INTERVAL_MINUTES',
    'POLL_INTERVAL_WITH_PUSH_MINUTES',
    'GOOGLE_DAILY_BUDGET',
  );
  return {
    poll: {
      plainMs: POLL_INTERVAL_MINUTES * MINUTE_MS,
      withPushMs: POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
    },
    dailyBudget: GOOGLE_DAILY_BUDGET,
  };
}
