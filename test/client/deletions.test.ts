import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import { calendarSyncWorkflowId, workspaceDeleteWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkspaceNotFoundError } from '../../services/errors.ts';
import { insertOwnCalendar } from '../../services/google/own-calendars.ts';
import { createTask } from '../../services/planning/tasks.ts';
import { readReceipt } from '../../services/tenancy/receipts.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { connectCalendar } from '../support/connected-calendar.ts';
import { runActivity } from '../support/run-activity.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const ADDRESS = 'http://127.0.0.1:9/webhooks/google-calendar';
/** More than two slices. */
const MANY = 12_345;

let stack: WorkflowStack;
beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());
beforeEach(async () => {
  stack.dependencies.push.address = null;
  await stack.google.clearFaults();
});

const client = () => createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });

async function deleteWorkspace(workspaceId: string, ownCalendars = false) {
  const run = await client().requestDeletion({ workspaceId, ownCalendars });
  return client().waitForDeletion(workspaceId, run);
}

const tablesWith = (column: string) => stack.database.$queryRaw<{ name: string }[]>`
  select c.table_name as name from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and c.column_name = ${column} and t.table_type = 'BASE TABLE'`;

/** Rows that name one of the IDs in any column, by table. */
async function rowsNaming(ids: readonly string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const tables = await stack.database.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`;
  for (const { name } of tables) {
    const [row] = await stack.database.$queryRawUnsafe<{ count: number }[]>(
      `select count(*)::int from "${name}" t, unnest($1::text[]) as named (text) where to_jsonb(t)::text like '%' || named.text || '%'`,
      ids,
    );
    if (row && row.count > 0) found[name] = row.count;
  }
  return found;
}

/** Whether Google still gives access tokens for the account's grant. */
async function isAccepted(accountId: string): Promise<() => Promise<boolean>> {
  const { keyId, refreshToken } = await stack.database.calendarAuthToken.findUniqueOrThrow({
    where: { id: accountId },
  });
  const token = stack.dependencies.oauth.tokenCipher.open({ keyId, bytes: refreshToken }, accountId);
  return async () => {
    const response = await fetch(stack.environment['GOOGLE_OAUTH_TOKEN_URL']!, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: 'almanac-dev',
        client_secret: 'almanac-dev-secret',
      }),
    });
    return response.ok;
  };
}

async function makeOwnCalendar(workspaceId: string, accountId: string): Promise<string> {
  const account = await stack.database.calendarAuthToken.findUniqueOrThrow({ where: { id: accountId } });
  const own = { workspaceId, timeZone: 'UTC' };
  const { signal } = new AbortController();
  const { googleCalendarId } = await runActivity(
    (grant) => insertOwnCalendar(stack.dependencies.google, grant, signal, own),
    { ...account, accountId },
  );
  return googleCalendarId;
}

const calendarsOf = async (email: string) => (await stack.google.calendars(email)).map(({ id }) => id);

describe('deleting a workspace', () => {
  it('leaves no row that names it, and counts every table in its receipt', async () => {
    const seeded = await seedWorkspace(stack.database, 'furnished');
    const other = await seedWorkspace(stack.database, 'neighbour');
    await stack.database.calendarAuthToken.updateMany({ data: { refreshToken: new Uint8Array() } });
    await stack.database.availabilityPermit.create({
      data: { workspaceId: 'neighbour', readerId: 'furnished' },
    });
    await stack.database.googleQuota.create({ data: { scope: `${seeded.accountId}/writes` } });
    await stack.database.idempotencyKey.create({
      data: {
        caller: 'key-furnished',
        key: 'key',
        route: 'POST /api/v1/workspaces/:workspaceId/tasks',
        requestHash: new Uint8Array(32),
        body: 'Task of furnished',
        lockedUntil: new Date(),
      },
    });
    const named = Object.values(seeded);
    const before = await rowsNaming(named);
    const untouched = await rowsNaming([other.accountId, other.calendarId, other.taskId, other.runId]);

    const receipt = await stack.withWorkers(() => deleteWorkspace('furnished'));

    expect(await rowsNaming(named)).toEqual({ workspace_receipts: 2 });
    for (const { name } of await tablesWith('workspace_id')) {
      if (name === 'workspace_receipts') continue;
      expect(receipt.rows[name], name).toBeGreaterThan(0);
    }
    for (const table of Object.keys(before)) expect(receipt.rows[table], table).toBeGreaterThan(0);
    expect(receipt).toMatchObject({
      workspaceId: 'furnished',
      keyId: null,
      ownCalendars: false,
      accounts: { [seeded.accountId]: { grant: 'none' } },
      rows: { tasks: 2, habits: 1, workspaces: 1 },
      finishedAt: expect.any(String) as string,
    });
    expect(await rowsNaming([other.accountId, other.calendarId, other.taskId, other.runId])).toEqual(
      untouched,
    );
  });

  it('gives its grant back to Google and stops its channels', async () => {
    const { id, accountId } = await connectCalendar(stack, { workspaceId: 'watched' });
    stack.dependencies.push.address = ADDRESS;
    await runActivity(stack.activities.openChannel, { calendarId: id });
    const accepted = await isAccepted(accountId);
    const channels = (await stack.google.channels()).length;
    expect(await accepted()).toBe(true);

    const { accounts } = await stack.withWorkers(() => deleteWorkspace('watched'));

    expect(accounts).toEqual({ [accountId]: { grant: 'revoked' } });
    expect(await accepted()).toBe(false);
    expect((await stack.google.channels()).length).toBe(channels - 1);
  });

  it('leaves a grant that another workspace shares', async () => {
    const [mine, theirs] = [
      await stack.connect('one', 'both@example.com'),
      await stack.connect('two', 'both@example.com'),
    ];
    await stack.database.calendarAuthToken.updateMany({
      where: { id: { in: [mine, theirs] } },
      data: { addressVerifiedAt: new Date() },
    });
    const accepted = await isAccepted(theirs);
    const { accounts } = await stack.withWorkers(() => deleteWorkspace('one'));
    expect(accounts).toEqual({ [mine]: { grant: 'shared' } });
    expect(await accepted()).toBe(true);
  });

  it.each([true, false])('deletes the calendars that Almanac made only if asked: %s', async (asked) => {
    const workspaceId = `own-${asked}`;
    const email = `${workspaceId}@example.com`;
    const accountId = await stack.connect(workspaceId, email);
    const own = await makeOwnCalendar(workspaceId, accountId);
    expect(await calendarsOf(email)).toContain(own);
    const { accounts } = await stack.withWorkers(() => deleteWorkspace(workspaceId, asked));
    expect((await calendarsOf(email)).includes(own)).toBe(!asked);
    expect(accounts).toEqual({ [accountId]: { grant: 'revoked', ...(asked && { calendars: 1 }) } });
  });

  it(
    'goes on where Google does not let go, and says what is left',
    { tags: ['slow'], timeout: 60_000 },
    async () => {
      const accountId = await stack.connect('unheard', 'unheard@example.com');
      await makeOwnCalendar('unheard', accountId);
      await stack.google.addFault({ match: { method: 'DELETE' }, times: 9, status: 403 });
      await stack.google.addFault({ match: { pathContains: '/revoke' }, times: 9, status: 503 });
      const { accounts, rows } = await stack.withWorkers(() => deleteWorkspace('unheard', true));
      expect(accounts).toEqual({ [accountId]: { grant: 'failed', calendarsError: 'GoogleForbidden' } });
      expect(rows).toMatchObject({ workspaces: 1 });
    },
  );

  it('ends the sync that is running', async () => {
    await stack.connect('busy', 'busy@example.com');
    await stack.google.addFault({ match: { method: 'GET' }, times: 99, delayMs: 60_000 });
    await stack.withWorkers(async () => {
      const sync = await stack.startSync({ workspaceId: 'busy' });
      await expect.poll(async () => (await stack.google.requests()).length).toBeGreaterThan(0);
      const receipt = await deleteWorkspace('busy');
      expect(receipt.finishedAt).not.toBeNull();
      expect((await sync.describe()).status.name).toBe('CANCELLED');
    });
    const handle = stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId('busy'));
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  }, 60_000);

  it('goes on after each lost attempt, and counts every row once', { tags: ['slow'] }, async () => {
    await createWorkspace(stack.database, { id: 'large', timeZone: 'UTC' });
    await stack.database.$executeRaw`
      insert into workspace_calendar_sync_log (workspace_id, calendar_id, workflow_id, run_id, mode, source, outcome)
      select 'large', gen_random_uuid(), 'calendar-sync/large', gen_random_uuid()::text, 'full', 'manual', 'success'
      from generate_series(1, ${MANY}::int)`;
    const lost = new Set<string>();
    // Each activity does its work, and its first answer never arrives.
    const activities = Object.fromEntries(
      Object.entries(stack.activities).map(([name, activity]) => [
        name,
        async (input: never) => {
          const result = await activity(input);
          if (lost.has(name)) return result;
          lost.add(name);
          throw new Error('The answer is lost.');
        },
      ]),
    );
    const receipt = await withWorkers(stack.temporal, { activities }, () => deleteWorkspace('large'));
    expect(lost).toContain('deleteRows');
    expect(receipt.rows).toMatchObject({ workspace_calendar_sync_log: MANY, workspaces: 1 });
  });

  it('is resumed by another request when its run was terminated', async () => {
    await stack.connect('cut', 'cut@example.com');
    const run = await client().requestDeletion({ workspaceId: 'cut', keyId: 'alm_0123456789abcdef' });
    const handle = stack.temporal.client.workflow.getHandle(workspaceDeleteWorkflowId('cut'));
    await withWorkers(stack.temporal, { activities: stack.activities, taskQueues: ['calendar-sync'] }, () =>
      expect.poll(async () => (await client().deletionProgress('cut')).step).toBe('releasing-accounts'),
    );
    await handle.terminate();
    await expect(client().waitForDeletion('cut', run)).rejects.toThrow();
    expect(await readReceipt(stack.database, 'cut')).toMatchObject({ finishedAt: null });
    const receipt = await stack.withWorkers(() => deleteWorkspace('cut'));
    expect(receipt).toMatchObject({ keyId: 'alm_0123456789abcdef', rows: { calendar_auth_tokens: 1 } });
    expect(await stack.database.workspaceReceipt.count({ where: { workspaceId: 'cut' } })).toBe(1);
  });

  it('closes the workspace to callers and fan-outs at once', async () => {
    await stack.connect('closed', 'closed@example.com');
    const fanOut = () =>
      runActivity(stack.activities.listWorkspaces, {
        range: { after: null, upTo: null },
        dueAt: null,
        limit: 100,
      });
    expect(await fanOut()).toContainEqual(expect.objectContaining({ workspaceId: 'closed' }));
    await runActivity(stack.activities.beginDeletion, { workspaceId: 'closed' });
    const task = createTask(stack.database, 'closed', { title: 'Write', durationMinutes: 30 });
    await expect(task).rejects.toThrow(WorkspaceNotFoundError);
    await expect(client().requestSync({ workspaceId: 'closed' })).rejects.toThrow(WorkspaceNotFoundError);
    expect(await fanOut()).not.toContainEqual(expect.objectContaining({ workspaceId: 'closed' }));
  });

  it('frees the ID, and keeps a receipt of each deletion', async () => {
    await stack.withWorkers(async () => {
      for (const times of [1, 2]) {
        await createWorkspace(stack.database, { id: 'again', timeZone: 'UTC' });
        await deleteWorkspace('again');
        expect(await stack.database.workspaceReceipt.count({ where: { workspaceId: 'again' } })).toBe(times);
      }
    });
    const unknown = client().requestDeletion({ workspaceId: `no-${randomUUID()}` });
    await expect(unknown).rejects.toThrow(WorkspaceNotFoundError);
  });

  it('holds no address in its history', async () => {
    await stack.connect('discreet', 'secret@example.com');
    await stack.withWorkers(() => deleteWorkspace('discreet', true));
    const handle = stack.temporal.client.workflow.getHandle(workspaceDeleteWorkflowId('discreet'));
    const history = JSON.stringify(await handle.fetchHistory(), (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    expect(history).toContain('discreet');
    expect(history).not.toContain('secret@example.com');
  });
});
