import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSendNotices } from '../../activities/send-notices.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { pageOfMessages } from '../../services/notifier/list-messages.ts';
import type { NoticeKind } from '../../contracts/notices.ts';
import { changeNotifier, type NotifierContext } from '../../services/notifier/notifiers.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { createActiveNotifier, startTestMail, type TestMail } from '../support/mail.ts';
import { runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const THIS_MACHINE = { networks: ['127.0.0.0/8'] };

let stack: SyncStack;
let mail: TestMail;
let receiver: WebhookReceiver;
let context: NotifierContext;
beforeAll(async () => {
  [stack, mail, receiver] = await Promise.all([startSyncStack(), startTestMail(), startWebhookReceiver()]);
  for (const id of ['acme', 'globex']) await createWorkspace(stack.database, { id, timeZone: 'UTC' });
  const sending = {
    mail: { url: mail.url, from: 'almanac@example.com' },
    webhooks: { installation: THIS_MACHINE, workspaces: THIS_MACHINE },
  };
  context = { ...stack.dependencies.notifiers, database: stack.dependencies.database, sending };
});
beforeEach(async () => {
  await stack.database.notifier.deleteMany();
  await stack.database.deadLetter.deleteMany();
  await stack.database.scheduleRun.deleteMany();
  mail.mails.length = 0;
  receiver.received.length = 0;
  receiver.answers.length = 0;
});
afterAll(() => Promise.all([stack.close(), mail.close(), receiver.close()]));

const newWebhook = (scope: string | null, notices?: NoticeKind[]) =>
  createActiveNotifier(mail, context, scope, {
    name: 'N',
    kind: 'webhook',
    target: `${receiver.url}/hooks`,
    notices,
  });

async function openDeadLetter(workspaceId: string | null, operation = 'sync'): Promise<string> {
  const data = { workspaceId, operation, workflowId: 'w', runId: randomUUID() };
  const failureType = operation === 'consent' ? FailureType.googleAuthRevoked : FailureType.googleForbidden;
  return (await stack.database.deadLetter.create({ data: { ...data, failureType } })).id;
}

const round = () => runActivity(createSendNotices({ ...stack.dependencies, notifiers: context }), undefined);

/** The messages that have reached the receiver, by ID, kind and dead letters. */
const arrived = () =>
  receiver.received.map(({ headers, body }) => {
    const { type, data } = JSON.parse(body) as {
      type: string;
      data: { deadLetters: { id: string }[]; more: number };
    };
    return {
      id: headers['webhook-id'],
      type,
      letters: data.deadLetters.map(({ id }) => id),
      more: data.more,
    };
  });

/** Lets a refused message be due. */
const later = () => stack.database.$executeRaw`update notifier_messages set next_attempt_at = now()`;

const messages = async (id: string, scope: string | null = 'acme') =>
  (await pageOfMessages(stack.database, scope, id, { limit: 100 })).rows;

describe('a round', () => {
  it('notifies a notifier of each dead letter once, in one message', async () => {
    const { id } = await newWebhook('acme');
    expect(await round()).toEqual({ outcome: 'nothing', letters: 0 });
    const first = [await openDeadLetter('acme'), await openDeadLetter('acme', 'plan')];
    expect(await round()).toMatchObject({ messages: { delivered: 1 } });
    expect(await round()).not.toHaveProperty('messages');
    const second = await openDeadLetter('acme', 'calendar-list');
    await round();
    expect(arrived()).toEqual([
      { id: expect.any(String), type: 'notice.dead-letter', letters: first, more: 0 },
      { id: expect.any(String), type: 'notice.dead-letter', letters: [second], more: 0 },
    ]);
    expect(await messages(id)).toMatchObject([
      { status: 'delivered', subjects: 1, attempts: 1 },
      { status: 'delivered', subjects: 2, attempts: 1 },
    ]);
  });

  it('sends a workspace its own notices, and the installation those of all', async () => {
    const mine = await newWebhook('acme');
    const all = await newWebhook(null);
    const [acme, globex, shared] = [
      await openDeadLetter('acme'),
      await openDeadLetter('globex'),
      await openDeadLetter(null, 'access-token'),
    ];
    await round();
    const [mineGot] = await messages(mine.id);
    expect(arrived()).toHaveLength(2);
    expect(arrived().find(({ id }) => id === mineGot?.id)?.letters).toEqual([acme]);
    expect(arrived().find(({ id }) => id !== mineGot?.id)?.letters).toEqual([acme, globex, shared]);
    expect(await messages(all.id, null)).toMatchObject([{ subjects: 3 }]);
  });

  it('sends accounts that need their consent apart, and only to those who want it', async () => {
    await newWebhook('acme', ['needs-reconnect']);
    await openDeadLetter('acme');
    const consent = await openDeadLetter('acme', 'consent');
    await round();
    expect(arrived()).toMatchObject([{ type: 'notice.needs-reconnect', letters: [consent] }]);
  });

  it('lists twenty dead letters and counts the others', async () => {
    await newWebhook('acme');
    for (let index = 0; index < 30; index += 1) await openDeadLetter('acme', `sync-${index}`);
    await round();
    expect(arrived().map(({ letters, more }) => [letters.length, more])).toEqual([[20, 10]]);
  });

  it('sends e-mails without titles, addresses or tokens', async () => {
    await createActiveNotifier(mail, context, 'acme', {
      name: 'Ada',
      kind: 'email',
      target: 'ada@example.com',
    });
    const id = await openDeadLetter('acme');
    await round();
    expect(mail.mails.map(({ subject }) => subject)).toEqual(['Almanac has a new dead letter']);
    expect(mail.mails[0]?.text).toContain(id);
  });

  it('sends nothing to a paused notifier, and what is open when it goes on', async () => {
    const { id } = await newWebhook('acme');
    await changeNotifier(context, 'acme', id, { status: 'paused' });
    const open = await openDeadLetter('acme');
    await round();
    expect(arrived()).toEqual([]);
    await changeNotifier(context, 'acme', id, { status: 'active' });
    await round();
    expect(arrived()).toMatchObject([{ letters: [open] }]);
  });

  it('sends each message once, though several rounds run at once', async () => {
    for (let index = 0; index < 5; index += 1) await newWebhook('acme');
    await openDeadLetter('acme');
    await Promise.all([round(), round(), round(), round()]);
    expect(arrived()).toHaveLength(5);
    expect(new Set(arrived().map(({ id }) => id)).size).toBe(5);
  });
});

describe('a plan that was applied', () => {
  const from = { start: '2026-12-01T09:00:00Z', end: '2026-12-01T10:00:00Z' };
  const to = { start: '2026-12-02T13:00:00Z', end: '2026-12-02T14:00:00Z' };

  /** A plan that moves the block of one task to make room for another one. */
  async function applyPlan({ moved = 1, finishedAt = new Date() } = {}): Promise<string> {
    const task = async (title: string) =>
      (await stack.database.task.create({ data: { workspaceId: 'acme', title, durationMinutes: 60 } })).id;
    const [refId, other] = [await task('Report'), await task('Review')];
    const blockId = randomUUID();
    const { id } = await stack.database.scheduleRun.create({
      data: {
        workspaceId: 'acme',
        mode: 'apply',
        status: 'applied',
        finishedAt,
        blocks: [{ id: blockId, kind: 'task', refId, ...to, reason: { code: 'displaced-by', refId: other } }],
        findings: { unscheduled: [{}] },
        diff: {
          created: [],
          moved: Array.from({ length: moved }, () => ({ blockId, from, to })),
          deleted: [],
        },
      },
    });
    return id;
  }

  const newMail = (scope: string | null) =>
    createActiveNotifier(mail, context, scope, {
      name: 'Ada',
      kind: 'email',
      target: 'ada@example.com',
      notices: ['plan-applied'],
    });

  it('is told to its workspace once, with what moved and why', async () => {
    await newMail('acme');
    const runId = await applyPlan();
    await round();
    await round();
    expect(mail.mails.map(({ subject, text }) => [subject, text?.split('\n')])).toEqual([
      [
        'A plan was applied',
        [
          'A plan was applied',
          `• Workspace acme: blocks 0 created, 1 moved, 0 deleted; 1 not placed in full · run ${runId}`,
          '  Report: from 2026-12-01 09:00 to 2026-12-02 13:00. Moved to make room for Review.',
          '',
        ],
      ],
    ]);
  });

  it('is told to the installation and to programs without titles', async () => {
    await newMail(null);
    const program = await newWebhook('acme', ['plan-applied']);
    const runId = await applyPlan();
    await round();
    expect(mail.mails[0]?.text).toContain(runId);
    expect(mail.mails[0]?.text).not.toContain('Report');
    const sent = receiver.received.find(({ headers }) => headers['webhook-id'] !== undefined);
    expect(sent?.body).not.toContain('Report');
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      type: 'notice.plan-applied',
      data: {
        plans: [{ runId, moved: 1, moves: [{ from, to, reason: { code: 'displaced-by' } }] }],
        more: 0,
      },
    });
    expect(await messages(program.id)).toMatchObject([{ status: 'delivered' }]);
  });

  it('is not told where it changed nothing, long ago, or before the notifier was created', async () => {
    await applyPlan();
    await newMail('acme');
    await applyPlan({ moved: 0 });
    await applyPlan({ finishedAt: new Date(Date.now() - 25 * 3_600_000) });
    await round();
    expect(mail.mails).toEqual([]);
  });

  it('is told only to those who have asked for it', async () => {
    await createActiveNotifier(mail, context, 'acme', {
      name: 'Ada',
      kind: 'email',
      target: 'ada@example.com',
    });
    await applyPlan();
    await round();
    expect(mail.mails).toEqual([]);
  });
});

describe('a message that was refused', () => {
  it('is sent again under the same ID, later and later', async () => {
    const { id } = await newWebhook('acme');
    receiver.answers.push({ status: 500 }, { status: 503 });
    await openDeadLetter('acme');
    expect(await round()).toMatchObject({ messages: { refused: 1 } });
    // What comes meanwhile waits behind it.
    const other = await openDeadLetter('acme', 'plan');
    await round();
    expect(arrived()).toHaveLength(1);
    const [refused] = await messages(id);
    expect(refused).toMatchObject({ status: 'retrying', reason: '500', attempts: 1 });
    expect(Date.parse(refused!.nextAttemptAt!) - Date.parse(refused!.attemptedAt)).toBeGreaterThan(290_000);
    await later();
    await round();
    const [again] = await messages(id);
    expect(Date.parse(again!.nextAttemptAt!) - Date.parse(again!.attemptedAt)).toBeGreaterThan(590_000);
    await later();
    expect(await round()).toMatchObject({ messages: { delivered: 2 } });
    expect(arrived().map((one) => one.id)).toEqual([
      refused?.id,
      refused?.id,
      refused?.id,
      expect.any(String),
    ]);
    expect(arrived().at(-1)?.letters).toEqual([other]);
  });

  it('waits for as long as its receiver asks', async () => {
    const { id } = await newWebhook('acme');
    receiver.answers.push({ status: 429, headers: { 'retry-after': '3600' } });
    await openDeadLetter('acme');
    await round();
    const [refused] = await messages(id);
    expect(Date.parse(refused!.nextAttemptAt!) - Date.parse(refused!.attemptedAt)).toBeGreaterThan(3_590_000);
  });

  it('is given up after a day, and at once where the receiver is gone', async () => {
    const { id } = await newWebhook('acme');
    receiver.answers.push({ status: 500 }, { status: 500 });
    await openDeadLetter('acme');
    await round();
    await later();
    await stack.database
      .$executeRaw`update notifier_messages set created_at = created_at - interval '25 hours'`;
    await round();
    expect(await messages(id)).toMatchObject([{ status: 'failed', attempts: 2 }]);
    receiver.answers.push({ status: 410 });
    await openDeadLetter('acme', 'plan');
    await round();
    expect(await messages(id)).toMatchObject([{ status: 'failed', reason: '410' }, {}]);
    await openDeadLetter('acme', 'calendar-list');
    await round();
    expect(arrived()).toHaveLength(3);
  });

  it('is dropped where its dead letters are closed before it can be sent', async () => {
    const { id } = await newWebhook('acme');
    receiver.answers.push({ status: 500 });
    await openDeadLetter('acme');
    await round();
    await later();
    await stack.database.deadLetter.updateMany({ data: { status: 'resolved' } });
    expect(await round()).toMatchObject({ messages: { dropped: 1 } });
    expect(await messages(id)).toMatchObject([{ status: 'dropped' }]);
    expect(arrived()).toHaveLength(1);
  });
});

describe('a message that may have arrived', () => {
  it('is not sent again, and says so', async () => {
    const { id } = await newWebhook('acme');
    receiver.answers.push(null);
    await openDeadLetter('acme');
    expect(await round()).toMatchObject({ messages: { unconfirmed: 1 } });
    await later();
    await round();
    expect(arrived()).toHaveLength(1);
    expect(await messages(id)).toMatchObject([{ status: 'unconfirmed', settledAt: expect.any(String) }]);
  });

  it('says so where its worker died between claim and outcome', async () => {
    const { id } = await newWebhook('acme');
    await openDeadLetter('acme');
    const claimed = new Promise<void>((resolve) => {
      // A sender that never comes back from its message.
      const resolveNever = async () => {
        resolve();
        return new Promise<never>(() => undefined);
      };
      const guard = { resolve: resolveNever };
      const sending = { mail: null, webhooks: { installation: guard, workspaces: guard } };
      const dying = createSendNotices({ ...stack.dependencies, notifiers: { ...context, sending } });
      void runActivity(dying, undefined);
    });
    await claimed;
    await round();
    expect(await messages(id)).toMatchObject([{ status: 'sending' }]);
    await stack.database
      .$executeRaw`update notifier_messages set attempted_at = attempted_at - interval '3 minutes'`;
    await round();
    expect(await messages(id)).toMatchObject([{ status: 'unconfirmed', reason: 'its sender has stopped' }]);
    expect(arrived()).toEqual([]);
    const next = await openDeadLetter('acme', 'plan');
    await round();
    expect(arrived()).toMatchObject([{ letters: [next] }]);
  });
});
