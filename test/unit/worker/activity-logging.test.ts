import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { activityLogging, reportUnexpected } from '../../../worker/activity-logging.ts';

async function logAttributes(input: unknown, given: Record<string, unknown>) {
  const { inbound, outbound } = activityLogging({} as never);
  return inbound?.execute?.({ args: [input], headers: {} }, async () =>
    outbound?.getLogAttributes?.(given, (attributes) => attributes),
  );
}

describe('lines that an activity logs', () => {
  it('carry its opaque IDs beside those of Temporal, and nothing else of its input', async () => {
    const input = {
      workspaceId: 'acme',
      calendarId: 'calendar-1',
      accountId: null,
      correlationId: 'order-1',
      pageToken: 'secret',
    };
    expect(await logAttributes(input, { runId: 'run' })).toEqual({
      runId: 'run',
      workspaceId: 'acme',
      calendarId: 'calendar-1',
      correlationId: 'order-1',
    });
  });

  it.each([undefined, null, 'text', 7])('need no input: %j', async (input) => {
    expect(await logAttributes(input, {})).toEqual({});
  });
});

describe('an unexpected error', () => {
  it('is logged by name, code and place, without its message', async () => {
    const entries: LogEntry[] = [];
    const logger = new DefaultLogger('TRACE', (entry) => entries.push(entry));
    const error = Object.assign(new TypeError('Row of ada@example.com'), { code: 'P2002' });
    await new MockActivityEnvironment({}, { logger }).run(async () => {
      reportUnexpected(error);
      reportUnexpected(undefined);
    });
    const lines = entries.filter(({ message }) => message === 'Unexpected error');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.meta).toMatchObject({ errorName: 'TypeError', errorCode: 'P2002' });
    expect(JSON.stringify(lines[0]?.meta?.['frames'])).toContain('activity-logging.test.ts');
    expect(JSON.stringify(lines.map(({ meta }) => meta?.['frames']))).not.toContain('example.com');
  });
});
