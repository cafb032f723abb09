import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import type { StartedRun } from '../../client/started-run.ts';
import { createPayloadCodec } from '../../client/payload-codec.ts';
import { EnvironmentError } from '../../contracts/environment.ts';
import { end, startWorker } from '../chaos/worker-process.ts';
import { runCli } from '../support/run-cli.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const { History } = proto.temporal.api.history.v1;

let stack: WorkflowStack;
let calendarId: string;
let workspaces = 0;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

const newKey = () => randomBytes(32).toString('base64');
const plain: DataConverter = {};
const sealedWith = (...keys: string[]): DataConverter => ({
  payloadCodecs: [createPayloadCodec({ keys, encrypt: true })],
});

function clientWith(dataConverter: DataConverter) {
  const { connection } = stack.temporal.client;
  const temporal = new Client({ connection, namespace: stack.temporal.namespace, dataConverter });
  return createAlmanacClient({ temporal, database: stack.database });
}

const served = <T>(dataConverter: DataConverter, work: () => Promise<T>): Promise<T> =>
  withWorkers(stack.temporal, { activities: stack.activities, worker: { dataConverter } }, work);

/** A workspace that was synced once, so that its calendar has an ID that can be looked for. */
async function syncedWorkspace(): Promise<string> {
  workspaces += 1;
  const [id, google] = [`space-${workspaces}`, `owner-${workspaces}@example.com`];
  await stack.connect(id, google);
  await served(plain, () => stack.sync(id));
  calendarId = (await stack.database.calendar.findFirstOrThrow({ where: { workspaceId: id } })).id;
  return id;
}

/** Temporal's data of a run, as text. */
async function storedHistory({ workflowId, runId }: StartedRun): Promise<string> {
  const { client, namespace } = stack.temporal;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
  });
  return Buffer.from(History.encode(history ?? {}).finish()).toString('latin1');
}

it('is a setting of workers and commands', async () => {
  const workspaceId = await syncedWorkspace();
  const { address, namespace } = stack.temporal;
  const env: Record<string, string> = {
    ...stack.environment,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_PAYLOAD_ENCRYPTION: 'true',
  };
  const worker = await startWorker({ ...stack, environment: env });
  try {
    // A worker without the setting would answer the same, and legibly.
    const { code, stdout, stderr } = await runCli(['sync', workspaceId, '--wait', '--json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [result] = JSON.parse(stdout) as (StartedRun & { calendars: unknown })[];
    expect(result?.calendars).toMatchObject([{ calendarId }]);
    const history = await storedHistory(result!);
    for (const word of [calendarId, 'upserted', 'Sync of']) expect(history).not.toContain(word);

    const { TOKEN_ENCRYPTION_KEY: _, TEMPORAL_PAYLOAD_ENCRYPTION: __, ...keyless } = env;
    const refused = await runCli(['sync', workspaceId, '--wait'], { env: keyless });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('TOKEN_ENCRYPTION_KEY must hold the key'),
    });
  } finally {
    await end(worker, 'SIGTERM');
  }
});

describe('histories with encryption', () => {
  it('hold nothing of what workflows are given, pass on and answer', async () => {
    const [dataConverter, correlationId] = [sealedWith(newKey()), `canary-${randomUUID()}`];
    const workspaceId = await syncedWorkspace();
    for (const [converter, isSealed] of [
      [plain, false],
      [dataConverter, true],
    ] as const) {
      const almanac = clientWith(converter);
      const { run, result } = await served(converter, async () => {
        const sync = await almanac.syncNow({ workspaceId, calendarIds: [calendarId], correlationId });
        return { run: sync, result: await sync.result() };
      });
      expect(result).toMatchObject({ success: true, calendars: [{ calendarId }] });
      const history = await storedHistory(run);
      expect([history.includes(correlationId), history.includes(calendarId)]).toEqual([!isSealed, !isSealed]);
      expect(history.includes('upserted')).toBe(!isSealed);
    }
    expect(await stack.database.workspaceCalendarSyncLog.count({ where: { correlationId } })).toBe(2);
  });

  it('go for fan-outs and their children, too', async () => {
    const [converter, correlationId] = [sealedWith(newKey()), `canary-${randomUUID()}`];
    const workspaceId = await syncedWorkspace();
    const almanac = clientWith(converter);
    const run = await almanac.syncAll({ workspaceIds: [workspaceId], correlationId });
    const result = await served(converter, () => almanac.waitForSyncAll(run));
    expect(result).toMatchObject({ succeeded: 1 });
    expect(await storedHistory(run)).not.toContain(correlationId);
    const child = { workflowId: `calendar-sync/${workspaceId}`, runId: '' };
    expect(await storedHistory(child)).not.toContain(correlationId);
  });

  it('answer queries', async () => {
    const converter = sealedWith(newKey());
    const workspaceId = await syncedWorkspace();
    const almanac = clientWith(converter);
    await served(converter, async () => {
      await almanac.waitForSync(await almanac.requestSync({ workspaceId }));
      expect(await almanac.syncProgress(workspaceId)).toBeDefined();
    });
  });

  it('begin in the middle of a run that has begun without, and what was is still read', async () => {
    const workspaceId = await syncedWorkspace();
    const converter = sealedWith(newKey());
    const before = await clientWith(plain).requestSync({ workspaceId });
    const almanac = clientWith(converter);
    const joined = await almanac.requestSync({ workspaceId, mode: 'full' });
    expect(joined.runId).toBe(before.runId);
    const { calendars } = await served(converter, () => almanac.waitForSync(joined));
    expect(calendars).toMatchObject([{ calendarId, mode: 'full' }]);
  });

  it('go on across a rotation, and are read for as long as their key is there', async () => {
    const [older, newer] = [newKey(), newKey()];
    const workspaceId = await syncedWorkspace();
    const begun = await clientWith(sealedWith(older)).requestSync({ workspaceId });
    const rotated = clientWith(sealedWith(newer, older));
    const result = await served(sealedWith(newer, older), () => rotated.waitForSync(begun));
    expect(result).toMatchObject({ success: true });

    const old = await clientWith(sealedWith(older)).requestSync({ workspaceId });
    await served(sealedWith(older), () => clientWith(sealedWith(older)).waitForSync(old));
    expect(await rotated.waitForSync(old)).toMatchObject({ success: true });
    await expect(clientWith(sealedWith(newer)).waitForSync(old)).rejects.toThrow(EnvironmentError);
  });
});
