import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNotedServer } from '../../prisma/server-identity.ts';
import { createWebhook } from '../../services/delivery/webhooks.ts';
import { deliverBatch } from '../../services/delivery/deliver-batch.ts';
import { CursorExpiredError } from '../../services/errors.ts';
import { finishRestore } from '../../services/finish-restore.ts';
import { listChanges } from '../../services/reading/changes.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { backUp } from '../support/copy-database.ts';
import { eventWriting, LUNCH, type WritableWorkspace } from '../support/event-writing.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { blocksInDatabase, blocksInGoogle, ownCalendarId, runPlan } from '../support/planning-stack.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { connectTestTemporal, withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const RUN = { workflowId: 'delivery/x', runId: 'run' };
const REQUEST = randomUUID();
const STANDUP = { dateTime: '2026-12-02T09:00:00Z', timeZone: 'UTC' };

let stack: WorkflowStack;
let receiver: Receiver;
let acme: WritableWorkspace;
/** What a receiver keeps, as `examples/receive-webhooks` does. */
const copy = { generation: 0, position: 0, events: new Map<string, unknown>() };
/** Cursor of a reader of the change log, just before the disaster. */
let cursor: string;

const { connect, write } = eventWriting(() => stack);
const plan = () => runPlan(stack, { workspaceId: 'acme', days: 7, mode: 'apply' });
const readLog = (after: string) => listChanges(stack.database, { workspaceId: 'acme', after });
const lunch = () =>
  write(
    'acme',
    [
      {
        operation: 'create',
        calendarId: acme.calendarId,
        ...LUNCH,
        attendees: [{ email: 'guest@example.org' }],
      },
    ],
    REQUEST,
  );

async function deliver(webhookId: string): Promise<void> {
  const context = { database: stack.database, ...stack.dependencies.delivery };
  while ((await deliverBatch(context, webhookId, RUN)).outcome === 'more');
  for (const { message } of receiver.received.splice(0)) {
    const { generation, position, after, changes } = message.data;
    const isNewer =
      generation > copy.generation || (generation === copy.generation && position > copy.position);
    if (!isNewer) continue;
    if (after === 0) copy.events.clear();
    for (const { googleEventId, event } of changes) {
      if (event == null) copy.events.delete(googleEventId);
      else copy.events.set(googleEventId, event);
    }
    Object.assign(copy, { generation, position });
  }
}

const addTask = (title: string) =>
  stack.database.task.create({ data: { workspaceId: 'acme', title, durationMinutes: 60 } });

let webhookId: string;
let everyWebhookId: string;

beforeAll(async () => {
  [stack, receiver] = await Promise.all([startWorkflowStack(), startReceiver()]);
  const { google } = stack;
  const context = { database: stack.database, ...stack.dependencies.delivery };
  const backup = await stack.withWorkers(async () => {
    acme = await connect('acme');
    for (const summary of ['Standup', 'Retro', 'Offsite'])
      await google.insertEvent(acme.google, {
        id: summary.toLowerCase(),
        summary,
        start: STANDUP,
        end: STANDUP,
      });
    await addTask('Report');
    await stack.sync('acme');
    await plan();
    const created = await createWebhook(context, 'acme', { url: receiver.url, payload: 'full', from: 0 });
    [webhookId, receiver.secret] = [created.id, created.secret];
    ({ id: everyWebhookId } = await createWebhook(context, null, { url: receiver.url, from: 0 }));
    await deliver(webhookId);
    return backUp(stack.database);
  });
  await stack.withWorkers(async () => {
    // Everything that the backup does not know.
    await google.deleteEvent(acme.google, 'retro');
    await google.patchEvent(acme.google, 'offsite', { summary: 'Offsite in Rome' });
    await google.insertEvent(acme.google, {
      id: 'allhands',
      summary: 'All-hands',
      start: STANDUP,
      end: STANDUP,
    });
    await lunch();
    await addTask('Slides');
    await stack.sync('acme');
    await plan();
    await deliver(webhookId);
    ({ cursor } = await readLog('0'));
    // Sends the receiver ahead, and leaves Google as it was.
    for (let edit = 0; edit < 5; edit += 1) {
      await google.patchEvent(acme.google, 'standup', { summary: `Standup ${edit}` });
      await stack.sync('acme');
    }
    await deliver(webhookId);
    ({ cursor } = await readLog(cursor));
  });
  await backup.restore();
  await backup.drop();
});
afterAll(async () => {
  receiver.close();
  await stack.close();
});

describe('a database that was restored to an earlier state, with a new Temporal server,', () => {
  it('shows it, and expires cursors and replays webhooks once the restore is finished', async () => {
    expect(await isNotedServer(stack.database)).toBe(false);
    expect(await finishRestore(stack.database, new AbortController().signal)).toEqual({
      logs: 2,
      webhooks: 2,
      calendars: 2,
      channels: 0,
    });
    expect(await isNotedServer(stack.database)).toBe(true);
    await expect(readLog(cursor)).rejects.toThrow(CursorExpiredError);
    expect(
      await stack.database.webhookCursor.findMany({ where: { subscriptionId: everyWebhookId } }),
    ).toMatchObject([{ workspaceId: 'acme', position: 0n, generation: 1_000_000 }]);
    expect(await stack.database.workspaceChangePosition.findMany()).toMatchObject([
      { workspaceId: 'acme', lastPosition: 10_000_000_000n, compactedThrough: 10_000_000_000n },
    ]);
    expect(await stack.database.workspaceChange.count()).toBe(0);
  });

  it('equals Google after the next sync, and doubles nothing there', async () => {
    const temporal = await connectTestTemporal();
    const before = stack.temporal;
    stack = { ...stack, temporal };
    try {
      await withWorkers(temporal, { activities: stack.activities }, async () => {
        const mails = await stack.google.mails();
        expect(await plan()).toMatchObject({ success: true });
        expect(await plan()).toMatchObject({ success: true });
        expect(await lunch()).toMatchObject([{ status: 'done' }]);
        expect((await stack.google.mails()).length).toBe(mails.length);
      });
    } finally {
      stack = { ...stack, temporal: before };
      await temporal.close();
    }
    await expectMirrorEqualsGoogle(stack, acme.google);
    const own = (await ownCalendarId(stack, acme.google))!;
    await expectMirrorEqualsGoogle(stack, own);
    expect(await logEqualsMirror(stack.database, 'acme')).toEqual([]);
    const titles = (await stack.google.listEvents(acme.google)).map(({ summary }) => summary);
    expect(titles.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
      'All-hands',
      'Lunch',
      'Offsite in Rome',
      'Standup 4',
    ]);
    expect(await blocksInGoogle(stack, acme.google)).toEqual(await blocksInDatabase(stack, 'acme'));
    expect(await blocksInGoogle(stack, acme.google)).toHaveLength(1);
  });

  it('still expires the cursors when the log has grown, and lets receivers make their copies anew', async () => {
    await expect(readLog(cursor)).rejects.toThrow(CursorExpiredError);
    await deliver(webhookId);
    const rows = await stack.database.calendarEvent.findMany({
      where: { calendar: { workspaceId: 'acme' } },
    });
    expect([...copy.events.keys()].toSorted()).toEqual(
      rows.map(({ googleEventId }) => googleEventId).toSorted(),
    );
    expect(copy.generation).toBe(1_000_000);
  });

  it('uses no position again for a workspace that is created under a lost ID', async () => {
    await createWorkspace(stack.database, { id: 'lost', timeZone: 'UTC' });
    await stack.connect('lost', 'lost@example.com');
    await stack.google.insertEvent('lost@example.com', { summary: 'Again', start: STANDUP, end: STANDUP });
    await stack.withWorkers(() => stack.sync('lost'));
    const { changes } = await listChanges(stack.database, { workspaceId: 'lost' });
    expect(changes[0]!.position).toBe(10_000_000_001);
    const later = { workspaceId: 'lost', after: '5' };
    await expect(listChanges(stack.database, later)).rejects.toThrow(CursorExpiredError);
  });
});
