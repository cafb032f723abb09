import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { calendarRow, expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { createRandom } from '../support/random-editor.ts';
import { runCli } from '../support/run-cli.ts';
import { startVerification } from '../support/verification.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { end, environmentOf, startWorker } from './worker-process.ts';

const KILLS = Number(process.env['ALMANAC_KILLS'] ?? 2);
const EVENTS = 3_000;
const LOST = 900;

let stack: WorkflowStack;
let environment: Record<string, string>;

beforeAll(async () => {
  stack = await startWorkflowStack();
  environment = environmentOf(stack);
});
afterAll(() => stack.close());

/** Grows with every step that is committed. */
async function progress(calendarId: string): Promise<number> {
  const [pages, repaired] = await Promise.all([
    stack.database.calendarVerificationPage.count({ where: { calendarId } }),
    stack.database.calendarDifference.count({ where: { calendarId, status: 'repaired' } }),
  ]);
  return pages + repaired;
}

it('repairs exactly what differs when its worker is killed again and again', async () => {
  const google = 'killed@example.com';
  const random = createRandom(12);
  await stack.connect('killed', google);
  await stack.google.generateEvents(google, { count: EVENTS, recurringShare: 0, seed: 12 });
  await stack.withWorkers(() => stack.sync('killed'));
  const { id: calendarId } = await calendarRow(stack, google);
  await stack.database.$executeRaw`
    delete from calendar_events where calendar_id = ${calendarId}::uuid and google_event_id in (
      select google_event_id from calendar_events where calendar_id = ${calendarId}::uuid
      order by google_event_id limit ${LOST}::int)`;
  await stack.google.setPageShape({ maxPageSize: 150 });

  const handle = await startVerification(stack, { workspaceId: 'killed', repair: true });
  for (let kill = 0; kill < KILLS; kill += 1) {
    const worker = await startWorker(stack);
    const done = await progress(calendarId);
    await expect.poll(() => progress(calendarId), { timeout: 60_000, interval: 20 }).toBeGreaterThan(done);
    await sleep(random() * 150);
    await end(worker, 'SIGKILL');
  }
  const last = await startWorker(stack);
  const result = await handle.result();

  expect(result.differences.missing).toMatchObject({ found: LOST, repaired: LOST });
  expect(result).toMatchObject({ inStep: true, calendars: [{ events: EVENTS }] });
  const repaired = { calendarId, correlationId: handle.firstExecutionRunId };
  expect(await stack.database.calendarChange.count({ where: repaired })).toBe(LOST);
  expect(await stack.database.calendarVerification.count()).toBe(0);
  await expectMirrorEqualsGoogle(stack, google);

  const options = { env: environment };
  const inStep = await runCli(['verify', 'killed', '--json'], options);
  expect(inStep.code).toBe(0);
  expect(JSON.parse(inStep.stdout)).toMatchObject({ inStep: true, workflowId: 'calendar-verify/killed' });
  await stack.database.calendarEvent.updateMany({ where: { calendarId }, data: { etag: '"old"' } });
  const drifted = await runCli(['verify', 'killed'], options);
  expect(drifted).toMatchObject({ code: 1 });
  expect(drifted.stdout).toContain('Not in step with Google.');
  expect((await runCli(['verify', 'killed', '--repair'], options)).code).toBe(0);
  expect((await runCli(['verify', 'nobody'], options)).code).toBe(1);
  expect((await runCli(['verify', 'killed', '--calendar', 'work'], options)).code).toBe(2);
  await end(last, 'SIGTERM');
}, 240_000);
