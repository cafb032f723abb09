import { log } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Fields of an activity's input that its log lines carry. All are opaque IDs. */
const LOGGED_FIELDS = ['workspaceId', 'calendarId', 'accountId', 'correlationId'] as const;

function loggedFields(input: unknown): Record<string, unknown> {
  const values = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  return Object.fromEntries(LOGGED_FIELDS.filter((name) => values[name]).map((name) => [name, values[name]]));
}

/** Adds workspace, calendar, account and correlation ID to every log line of an activity. */
export const activityLogging: ActivityInterceptorsFactory = () => {
  let fields: Record<string, unknown> = {};
  return {
    inbound: {
      async execute(input, next) {
        fields = loggedFields(input.args[0]);
        return next(input);
      },
    },
    outbound: {
      getLogAttributes: (attributes, next) => ({ ...next(attributes), ...fields }),
    },
  };
};

/** Logs an unexpected error by name, code and stack frames only: its message may quote a row or a token. */
export function reportUnexpected(error: unknown): void {
  const { name, code, stack } = (error ?? {}) as { name?: string; code?: unknown; stack?: string };
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  log.error('Unexpected error', { errorName: name, errorCode: code, frames });
}
