import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { exitOf, runCli, spawnCli } from '../support/run-cli.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';

const STARTING = { timeout: 60_000, interval: 200 };
const CANARY = 'canary';
const EMAIL = `${CANARY}@example.com`;

let stack: WorkflowStack;
let collector: OtlpReceiver;
let worker: ChildProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  [stack, collector] = await Promise.all([startWorkflowStack(), startOtlpReceiver()]);
  await stack.connect('acme', EMAIL);
  await stack.google.insertEvent(EMAIL, {
    summary: `Title ${CANARY}`,
    description: CANARY,
    attendees: [{ email: `guest-${CANARY}@example.com` }],
    start: { date: '2026-12-24' },
    end: { date: '2026-12-25' },
  });
  environment = {
    ...stack.environment,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    WORKER_HEALTH_PORT: '0',
    METRICS_PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  worker = await spawnCli(['worker'], tmpdir(), { ...environment, OTEL_SERVICE_NAME: 'almanac-worker' });
  let output = '';
  worker.stdout?.on('data', (chunk) => (output += chunk));
  await vi.waitFor(() => expect(output).toContain('Worker started'), STARTING);
});
afterAll(async () => {
  const exited = exitOf(worker);
  worker.kill('SIGTERM');
  await exited;
  collector.close();
  await stack.close();
});

/** Names from a span up to the root of its trace. */
function pathOf(span: ReceivedSpan): string[] {
  const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent === undefined ? [] : pathOf(parent))];
}

async function traceOf(command: string[]): Promise<ReceivedSpan[]> {
  const before = collector.spans.length;
  expect(await runCli(command, { env: environment })).toMatchObject({ code: 0, stderr: '' });
  await vi.waitFor(() => {
    const ended = collector.spans.slice(before).map(({ name }) => name);
    expect(ended).toEqual(expect.arrayContaining([`almanac ${command[0]}`, 'RunWorkflow:incrementalSync']));
  }, STARTING);
  return collector.spans.slice(before);
}

describe('a sync that is traced', () => {
  let spans: ReceivedSpan[];
  beforeAll(async () => {
    spans = await traceOf(['sync', 'acme', '--wait', '--json']);
  });

  it('is one trace, across processes', () => {
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['almanac', 'almanac-worker']));
    expect(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual([
      'almanac sync',
    ]);
  });

  it('leads from the client through workflow and activity to Google', () => {
    const listings = spans.filter(({ name }) => name === 'google events.list');
    expect(listings.map((span) => pathOf(span))).toEqual([
      [
        'google events.list',
        'RunActivity:pullEventsPage',
        'StartActivity:pullEventsPage',
        'RunWorkflow:incrementalSync',
        'UpdateWithStartWorkflow:syncNow',
        'almanac sync',
      ],
    ]);
  });

  it('leads to every statement', () => {
    const statements = spans
      .filter(({ name }) => name === 'prisma:client:db_query')
      .map((span) => pathOf(span));
    expect(statements.length).toBeGreaterThan(3);
    for (const path of statements) expect(path.at(-1)).toBe('almanac sync');
    expect(statements.some((path) => path.includes('RunActivity:pullEventsPage'))).toBe(true);
  });

  it('holds no title, description, address or token', () => {
    expect(collector.text()).toContain('calendar-sync/acme');
    expect(collector.text()).not.toContain(CANARY);
    expect(collector.text()).not.toContain(stack.environment['TOKEN_ENCRYPTION_KEY']);
    expect(collector.text()).not.toMatch(/ya29|1\/\/|Bearer/);
  });
});

it('tells of a failure only that there was one', async () => {
  await stack.google.addFault({
    match: { pathContains: '/events' },
    times: 1,
    status: 503,
    message: `Backend ${CANARY}`,
  });
  const spans = await traceOf(['sync', 'acme', '--wait']);
  const attempts = spans.filter(({ name }) => name === 'RunActivity:pullEventsPage');
  expect(attempts).toHaveLength(2);
  expect(collector.text()).not.toContain(CANARY);
});

it('writes histories that replay on a worker that does not trace', async () => {
  const history = await stack.temporal.client.workflow.getHandle('calendar-sync/acme').fetchHistory();
  const workflowBundle = { codePath: inject('servers').workflowBundleFile };
  await Worker.runReplayHistory({ workflowBundle }, history);
});

it('makes no traces of gauges and probes', () => {
  const roots = collector.spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name);
  expect(new Set(roots)).toEqual(new Set(['almanac sync']));
});

it('names the variable that asks for what is not there', async () => {
  const env = { ...environment, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  expect(await runCli(['status'], { env })).toMatchObject({
    code: 2,
    stderr: 'OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json.\n',
  });
});
