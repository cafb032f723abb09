import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createAlmanacApi } from 'almanac/api';
import { createChangeActivities } from './activities.ts';

const TASK_QUEUE = 'consumer';

const [workspaceId = 'acme-berlin'] = process.argv.slice(2);
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
await worker.runUntil(async () => {
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  await client.workflow.execute('consumeChanges', {
    workflowId: `consume-changes/${workspaceId}`,
    taskQueue: TASK_QUEUE,
    args: [{ workspaceId, pages: 1 }],
  });
});
await connection.close();
process.exit();
