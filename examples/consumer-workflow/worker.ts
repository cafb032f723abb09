import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createAlmanacApi } from 'almanac/api';
import { createChangeActivities } from './activities.ts';
import { signalChanges, TASK_QUEUE, workflowIdOf } from './signal-changes.ts';
import type { consumeChanges } from './workflows.ts';

const [workspaceId = 'acme-berlin', pages] = process.argv.slice(2);
const { TEMPORAL_ADDRESS: address = 'localhost:7233', TEMPORAL_NAMESPACE: namespace = 'default' } =
  process.env;
const { ALMANAC_URL: url = 'http://localhost:8090', ALMANAC_KEY: key = '' } = process.env;

const api = createAlmanacApi({ url, key });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: TASK_QUEUE,
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: createChangeActivities(api, async (changes) => {
    process.stdout.write(`${changes.length} changes\n`);
  }),
});
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stopping.abort());
await worker.runUntil(async () => {
  const temporal = new Client({ connection: await Connection.connect({ address }), namespace });
  if (pages === undefined) return signalChanges({ api, temporal, signal: stopping.signal }, workspaceId);
  // Reads so many pages and ends.
  await temporal.workflow.execute<typeof consumeChanges>('consumeChanges', {
    workflowId: workflowIdOf(workspaceId),
    taskQueue: TASK_QUEUE,
    args: [{ workspaceId, pages: Number(pages) }],
  });
});
await connection.close();
process.exit();
