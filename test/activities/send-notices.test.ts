import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSendNotices } from '../../activities/send-notices.ts';
import { NoticeRefusedError, type NoticeMessage } from '../../services/notifier/notifier.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { runActivity } from '../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';

/** Rounds of the same test do not wait for each other, but for the tests of just that. */
const WITHOUT_SPACING = 3_600_000_000;

let stack: SyncStack;
beforeAll(async () => {
  stack = await startSyncStack();
  await createWorkspace(stack.database, { id: 'acme', timeZone: 'UTC' });
});
beforeEach(async () => {
  await stack.database.deadLetter.deleteMany();
});
afterAll(() => stack.close());

async function openDeadLetters(count: number): Promise<void> {
  await stack.database.deadLetter.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      workspaceId: 'acme',
      operation: `sync-${index}`,
      workflowId: 'calendar-sync/acme',
      runId: `run-${index}`,
      failureType: FailureType.googleForbidden,
      firstFailedAt: new Date(Date.UTC(2026, 0, 5, 9, 0, index)),
    })),
  });
}

/** A sender, and what it has sent. */
function sender(
  fails?: () => Error | undefined,
  messagesPerHour = WITHOUT_SPACING,
): { send: () => Promise<{ outcome: string; letters: number }>; sent: NoticeMessage[] } {
  const sent: NoticeMessage[] = [];
  const notifier = {
    async send(message: NoticeMessage) {
      sent.push(message);
      const error = fails?.();
      if (error) throw error;
    },
  };
  const sendNotices = createSendNotices({ ...stack.dependencies, notices: { notifier, messagesPerHour } });
  return { sent, send: () => runActivity(sendNotices, undefined) };
}

const deadLetters = () => stack.database.deadLetter.findMany({ orderBy: { firstFailedAt: 'asc' } });

describe('a round of notices', () => {
  it('tells of every dead letter once, the oldest first', async () => {
    await openDeadLetters(3);
    const { send, sent } = sender();
    expect(await send()).toEqual({ outcome: 'sent', letters: 3 });
    expect(await send()).toEqual({ outcome: 'nothing', letters: 0 });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      more: 0,
      notices: [
        {
          workspaceId: 'acme',
          runId: 'run-0',
          failureType: FailureType.googleForbidden,
          firstFailedAt: new Date('2026-01-05T09:00:00Z'),
        },
        { runId: 'run-1' },
        { runId: 'run-2' },
      ],
    });
    for (const deadLetter of await deadLetters()) {
      expect(deadLetter).toMatchObject({ noticeClaimedAt: expect.any(Date), notifiedAt: expect.any(Date) });
    }
  });

  it('tells of two hundred dead letters in one message, naming twenty', async () => {
    await openDeadLetters(200);
    const { send, sent } = sender();
    expect(await send()).toEqual({ outcome: 'sent', letters: 200 });
    expect(await send()).toEqual({ outcome: 'nothing', letters: 0 });
    expect(sent.map(({ notices, more }) => [notices.length, more])).toEqual([[20, 180]]);
    expect((await deadLetters()).filter(({ notifiedAt }) => notifiedAt === null)).toEqual([]);
  });

  it('says nothing of dead letters that are closed', async () => {
    await openDeadLetters(2);
    await stack.database.deadLetter.updateMany({ where: { runId: 'run-0' }, data: { status: 'resolved' } });
    await stack.database.deadLetter.updateMany({ where: { runId: 'run-1' }, data: { status: 'discarded' } });
    expect(await sender().send()).toEqual({ outcome: 'nothing', letters: 0 });
  });

  it('keeps its distance from the message before: what has come meanwhile waits', async () => {
    await openDeadLetters(1);
    const { send, sent } = sender(undefined, 60);
    await send();
    await stack.database.deadLetter.create({
      data: {
        workspaceId: 'acme',
        operation: 'later',
        workflowId: 'w',
        runId: 'later',
        failureType: FailureType.internal,
      },
    });
    expect(await send()).toEqual({ outcome: 'nothing', letters: 0 });
    await stack.database.$executeRaw`
      update dead_letters set notice_claimed_at = notice_claimed_at - interval '61 seconds'`;
    expect(await send()).toEqual({ outcome: 'sent', letters: 1 });
    expect(sent.map(({ notices }) => notices.map(({ runId }) => runId))).toEqual([['run-0'], ['later']]);
  });

  it('is the only one that sends, of several at once', async () => {
    await openDeadLetters(40);
    const senders = Array.from({ length: 6 }, () => sender(undefined, 60));
    const outcomes = await Promise.all(senders.map(({ send }) => send()));
    expect(outcomes.filter(({ outcome }) => outcome === 'sent')).toEqual([{ outcome: 'sent', letters: 40 }]);
    expect(senders.flatMap(({ sent }) => sent)).toHaveLength(1);
  });
});

describe('rounds that overlap', () => {
  /** Waits until so many statements wait for a lock. */
  const waiting = (count: number) =>
    expect
      .poll(async () => {
        const [row] = await stack.database.$queryRaw<{ count: number }[]>`
          select count(*)::int as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`;
        return row?.count;
      })
      .toBe(count);

  it('keep their distance, though a dead letter comes between their claims', async () => {
    await openDeadLetters(1);
    const [first, second] = [sender(undefined, 60), sender(undefined, 60)];
    const rounds: Promise<{ outcome: string }>[] = [];
    await stack.database.$transaction(async (transaction) => {
      // Holds the first round up in the middle of its claim.
      await transaction.$queryRaw`select id from dead_letters for update`;
      rounds.push(first.send());
      await waiting(1);
      const data = { workspaceId: 'acme', workflowId: 'w', runId: 'run', failureType: FailureType.internal };
      await stack.database.deadLetter.create({ data: { ...data, operation: 'between' } });
      rounds.push(second.send());
      await waiting(2);
    });
    expect((await Promise.all(rounds)).map(({ outcome }) => outcome)).toEqual(['sent', 'nothing']);
    expect(await deadLetters()).toMatchObject([
      { noticeClaimedAt: expect.any(Date) },
      { noticeClaimedAt: null },
    ]);
  });
});

describe('a message that did not arrive for certain', () => {
  it('is sent again by the next round', async () => {
    await openDeadLetters(2);
    let refusals = 1;
    const { send, sent } = sender(() =>
      refusals-- > 0 ? new NoticeRefusedError('ECONNREFUSED') : undefined,
    );
    expect(await send()).toEqual({ outcome: 'refused', letters: 2 });
    expect(await deadLetters()).toMatchObject([{ noticeClaimedAt: null }, { noticeClaimedAt: null }]);
    expect(await send()).toEqual({ outcome: 'sent', letters: 2 });
    expect(sent[1]).toEqual(sent[0]);
  });

  it('is not sent again where it may have arrived after all', async () => {
    await openDeadLetters(2);
    const { send, sent } = sender(() => new Error('It timed out.'));
    expect(await send()).toEqual({ outcome: 'unknown', letters: 2 });
    expect(await send()).toEqual({ outcome: 'nothing', letters: 0 });
    expect(sent).toHaveLength(1);
    expect(await deadLetters()).toMatchObject([
      { noticeClaimedAt: expect.any(Date), notifiedAt: null },
      { noticeClaimedAt: expect.any(Date), notifiedAt: null },
    ]);
  });

  it('is not sent again where the worker died between claim and message', async () => {
    await openDeadLetters(1);
    const dying = sender();
    const claimed = new Promise<void>((resolve) => {
      // A sender that never comes back from its message.
      const notifier = { send: () => new Promise<void>(() => resolve()) };
      const sendNotices = createSendNotices({
        ...stack.dependencies,
        notices: { notifier, messagesPerHour: WITHOUT_SPACING },
      });
      void runActivity(sendNotices, undefined);
    });
    await claimed;
    expect(await dying.send()).toEqual({ outcome: 'nothing', letters: 0 });
    expect(await deadLetters()).toMatchObject([{ noticeClaimedAt: expect.any(Date), notifiedAt: null }]);
  });
});
