import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';

const ORDER = 'order-4711';

let api: TestApi;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  api = await startTestApi({ dependencies: { logger } });
  await api.call('/api/v1/workspaces', { method: 'POST', body: { id: 'acme', timeZone: 'UTC' } });
});
afterAll(() => api.close());

const syncAcme = () =>
  api.call('/api/v1/workspaces/acme/calendar/sync?wait=0', {
    method: 'POST',
    headers: { 'x-correlation-id': ORDER },
  });

describe('the correlation ID of a request', () => {
  it('is in the memo and in the input of the run that it starts', async () => {
    const { status, body } = await syncAcme();
    expect(status).toBe(202);

    const run = api.temporal.client.workflow.getHandle(body.workflowId, body.runId);
    expect((await run.describe()).memo).toEqual({ correlationId: ORDER });
    const history = await run.fetchHistory();
    const input = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
    expect(JSON.parse(Buffer.from(input ?? []).toString())).toMatchObject({ correlationId: ORDER });
    await run.terminate();
  });

  it('is in its log line, beside the route and the key', async () => {
    await api.call('/api/v1/workspaces?token=secret', { headers: { 'x-correlation-id': ORDER } });

    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'Request answered',
        correlationId: ORDER,
        method: 'GET',
        route: '/api/v1/workspaces',
        status: 400,
        keyId: 'environment',
      }),
    );
    const log = JSON.stringify(lines);
    expect(log).not.toContain('secret');
    expect(log).not.toContain(api.adminKey);
  });
});
