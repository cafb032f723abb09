import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSendNotices } from '../../activities/send-notices.ts';
import { randomUUID } from 'node:crypto';
import type { NotifierKind } from '../../contracts/notices.ts';
import { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { pageOfMessages } from '../../services/notifier/list-messages.ts';
import { changeNotifier, type NotifierContext } from '../../services/notifier/notifiers.ts';
import { createActiveNotifier, startTestMail, type TestMail } from '../support/mail.ts';
import { runActivity } from '../support/run-activity.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';
import { startSyncStack, type SyncStack } from '../support/sync-stack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const THIS_MACHINE = { networks: ['127.0.0.0/8'] };
const TITLE = '<Plan> of the day';

let stack: SyncStack;
let mail: TestMail;
let receiver: WebhookReceiver;
let context: NotifierContext;
beforeAll(async () => {
  [stack, mail, receiver] = await Promise.all([startSyncStack(), startTestMail(), startWebhookReceiver()]);
  const { taskId } = await seedWorkspace(stack.database, 'acme');
  await stack.database.task.update({ where: { id: taskId }, data: { title: TITLE } });
  const sending = {
    mail: { url: mail.url, from: 'almanac@example.com' },
    webhooks: { installation: THIS_MACHINE, workspaces: THIS_MACHINE },
  };
  context = { ...stack.dependencies.notifiers, database: stack.dependencies.database, sending };
});
beforeEach(async () => {
  await stack.database.notifier.deleteMany();
  await stack.database.deadLetter.deleteMany();
  await stack.database.workspace.update({
    where: { id: 'acme' },
    data: { status: 'active', timeZone: 'UTC' },
  });
  const noon = today().toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).epochMilliseconds;
  await stack.database.scheduledBlock.updateMany({
    data: { startAt: new Date(noon), endAt: new Date(noon + 3_600_000) },
  });
  mail.mails.length = 0;
  receiver.received.length = 0;
  receiver.answers.length = 0;
});
afterAll(() => Promise.all([stack.close(), mail.close(), receiver.close()]));

/** Hour of the day in UTC, so many hours from now. */
const hourIn = (hours: number) => Temporal.Now.zonedDateTimeISO('UTC').add({ hours }).hour;
const weekdayIn = (days: number) => WEEKDAYS[Temporal.Now.plainDateISO('UTC').add({ days }).dayOfWeek - 1]!;
const lastMonday = () => {
  const date = Temporal.Now.plainDateISO('UTC');
  return date.subtract({ days: date.dayOfWeek + 6 });
};
/** Day of the agenda of the present hour. */
const today = () => Temporal.Now.plainDateISO('UTC').add({ days: hourIn(0) < 12 ? 0 : 1 });

const newNotifier = (kind: NotifierKind, agendaHour = hourIn(0)) =>
  createActiveNotifier(mail, context, 'acme', {
    name: 'Morning',
    kind,
    target: kind === 'email' ? 'ada@example.com' : `${receiver.url}/hooks`,
    notices: ['daily-agenda'],
    agendaHour,
  });

const round = () => runActivity(createSendNotices({ ...stack.dependencies, notifiers: context }), undefined);

const messages = async (id: string) =>
  (await pageOfMessages(stack.database, 'acme', id, { limit: 100 })).rows;

const newSummary = (kind: NotifierKind, summaryWeekday = weekdayIn(0)) =>
  createActiveNotifier(mail, context, 'acme', {
    name: 'Monday',
    kind,
    target: kind === 'email' ? 'ada@example.com' : `${receiver.url}/hooks`,
    notices: ['weekly-summary'],
    agendaHour: 0,
    summaryWeekday,
  });

/** Lets a refused message be due. */
const later = () => stack.database.$executeRaw`update notifier_messages set next_attempt_at = now()`;

describe('the agenda of a day', () => {
  it('is mailed as text and as HTML at its hour', async () => {
    await newNotifier('email');
    expect(await round()).toMatchObject({ messages: { delivered: 1 } });
    expect(mail.mails).toHaveLength(1);
    const [{ subject, text, html }] = mail.mails as [TestMail['mails'][number]];
    expect(subject).toBe(`Agenda of acme: ${today().toString()}, UTC`);
    expect(text).toContain(`Planned\n  12:00–13:00  ${TITLE}\n`);
    expect(html).toContain('<li>12:00–13:00  &lt;Plan&gt; of the day</li>');
  });

  it('is posted to a chat as text, and signed as JSON', async () => {
    await newNotifier('slack');
    await newNotifier('webhook');
    await round();
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.find(({ text }) => text)?.text).toContain('12:00–13:00  &lt;Plan&gt; of the day');
    expect(bodies.find(({ type }) => type)).toMatchObject({
      type: 'notice.daily-agenda',
      data: { workspaceId: 'acme', day: today().toString(), blocks: [{ title: TITLE }], cut: false },
    });
  });

  it('is sent once, though rounds follow each other and run at once', async () => {
    const { id } = await newNotifier('email');
    await Promise.all([round(), round(), round()]);
    expect(await round()).not.toHaveProperty('messages');
    // A pause makes no second one.
    await changeNotifier(context, 'acme', id, { status: 'paused' });
    await changeNotifier(context, 'acme', id, { status: 'active' });
    await round();
    expect(mail.mails).toHaveLength(1);
    expect(await messages(id)).toMatchObject([{ notice: 'daily-agenda', subjects: 1, status: 'delivered' }]);
  });

  it('is sent again on the next day', async () => {
    await newNotifier('email');
    await round();
    await stack.database.$executeRaw`
      update notices set subject_id = md5(notifier_id::text || '/' || ${today().subtract({ days: 1 }).toString()})::uuid`;
    await round();
    expect(mail.mails).toHaveLength(2);
  });

  it.each([
    ['two hours late', -2, 1],
    ['five hours late', -5, 0],
    ['before its hour', 2, 0],
  ])('%s: from an hour %i hours away, %i arrive', async (_when, hours, arrived) => {
    await newNotifier('email', hourIn(hours));
    await round();
    expect(mail.mails).toHaveLength(arrived);
  });

  it('follows the zone of its workspace', async () => {
    await newNotifier('email');
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { timeZone: 'Etc/GMT-5' } });
    await round();
    expect(mail.mails).toEqual([]);
  });

  it.each(['paused', 'deleting'])('is not sent for a workspace that is %s', async (status) => {
    await newNotifier('email');
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { status } });
    await round();
    expect(mail.mails).toEqual([]);
  });

  it.each([true, false])('is told in words only where its workspace allows that: %s', async (narrative) => {
    await newNotifier('webhook');
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { narrative } });
    const reports = { ...stack.dependencies.reports, narrate: async () => 'One thing to do.' };
    const notices = createSendNotices({ ...stack.dependencies, notifiers: context, reports });
    await runActivity(notices, undefined);
    await stack.database.workspace.update({ where: { id: 'acme' }, data: { narrative: false } });
    const { data } = JSON.parse(receiver.received[0]!.body) as { data: { narrative?: string } };
    expect(data.narrative).toBe(narrative ? 'One thing to do.' : undefined);
  });

  it('goes to no notifier that has not asked for it', async () => {
    await createActiveNotifier(mail, context, 'acme', {
      name: 'Ada',
      kind: 'email',
      target: 'ada@example.com',
      agendaHour: hourIn(0),
    });
    await round();
    expect(mail.mails).toEqual([]);
  });

  it('leaves no title in the database', async () => {
    const { id } = await newNotifier('email');
    mail.refusals.push(Object.assign(new Error(TITLE), { responseCode: 452 }));
    await round();
    const rows = await stack.database.notifierMessage.findMany({ where: { notifierId: id } });
    expect(rows).toMatchObject([
      { status: 'retrying', reason: '452', reportDay: new Date(today().toString()) },
    ]);
    expect(JSON.stringify(rows)).not.toContain('Plan');
  });
});

describe('an agenda that was refused', () => {
  it('is sent again while it is due', async () => {
    const { id } = await newNotifier('email');
    mail.refusals.push(Object.assign(new Error('full'), { responseCode: 452 }));
    await round();
    await later();
    await round();
    expect(mail.mails).toHaveLength(1);
    expect(await messages(id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  it.each(['too late', 'paused'])('is dropped when it is %s', async (why) => {
    const { id } = await newNotifier('email');
    mail.refusals.push(Object.assign(new Error('full'), { responseCode: 452 }));
    await round();
    await later();
    if (why === 'paused') await stack.database.workspace.updateMany({ data: { status: 'paused' } });
    else await changeNotifier(context, 'acme', id, { agendaHour: hourIn(-5) });
    expect(await round()).toMatchObject({ messages: { dropped: 1 } });
    expect(mail.mails).toEqual([]);
  });
});

describe('the summary of a week', () => {
  const week = () => `${lastMonday().yearOfWeek}-W${String(lastMonday().weekOfYear).padStart(2, '0')}`;

  it('is mailed on its weekday, about the last full week', async () => {
    const { id } = await newSummary('email');
    expect(await round()).toMatchObject({ messages: { delivered: 1 } });
    const [{ subject, text, html }] = mail.mails as [TestMail['mails'][number]];
    expect(subject).toBe(`Summary of acme: ${week()}, UTC`);
    expect(text).toContain('Time\n  Meetings: ');
    expect(html).toContain('<h2>Time</h2>');
    const rows = await stack.database.notifierMessage.findMany({ where: { notifierId: id } });
    expect(rows).toMatchObject([{ status: 'delivered', reportDay: new Date(lastMonday().toString()) }]);
  });

  it('is signed as JSON for programs', async () => {
    await newSummary('webhook');
    await round();
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'notice.weekly-summary',
      data: { workspaceId: 'acme', week: week(), plan: { placed: expect.any(Number) } },
    });
  });

  it('is sent once, also when its weekday is changed', async () => {
    const { id } = await newSummary('email');
    await Promise.all([round(), round()]);
    const { agendaHour } = await changeNotifier(context, 'acme', id, { agendaHour: hourIn(0) });
    await round();
    expect(agendaHour).toBe(hourIn(0));
    expect(mail.mails).toHaveLength(1);
  });

  it('is not sent on other days', async () => {
    await newSummary('email', weekdayIn(1));
    await round();
    expect(mail.mails).toEqual([]);
  });

  it('waits where it cannot be written, and keeps no other message from being sent', async () => {
    const broken = await newSummary('email');
    await newNotifier('email');
    // Only summaries read this table.
    await stack.database.$executeRaw`alter table habit_skips rename to habit_skips_away`;
    try {
      expect(await round()).toMatchObject({ messages: { delivered: 1, refused: 1 } });
    } finally {
      await stack.database.$executeRaw`alter table habit_skips_away rename to habit_skips`;
    }
    expect(await messages(broken.id)).toMatchObject([
      { status: 'retrying', reason: 'it could not be written' },
    ]);
  });
});

describe('the report on the installation', () => {
  const newReport = (kind: NotifierKind, agendaHour = hourIn(0)) =>
    createActiveNotifier(mail, context, null, {
      name: 'Operations',
      kind,
      target: kind === 'email' ? 'ops@example.com' : `${receiver.url}/hooks`,
      notices: ['health-report'],
      agendaHour,
    });

  it('is sent once a day at its hour of UTC, without titles', async () => {
    await newReport('email');
    await newReport('webhook');
    expect(await round()).toMatchObject({ messages: { delivered: 2 } });
    expect(await round()).not.toHaveProperty('messages');
    const [{ subject, text, html }] = mail.mails as [TestMail['mails'][number]];
    expect(subject).toMatch(/^Almanac is \w+, 20/);
    expect(text).toContain('Workspaces: 1');
    expect(html).toContain('<h2>Versions</h2>');
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'notice.health-report',
      data: { overall: { workspaces: 1 }, google: { budget: 900_000 } },
    });
    expect(text + receiver.received[0]!.body).not.toContain('Plan');
  });

  it('is not sent before its hour', async () => {
    await newReport('email', hourIn(2));
    await round();
    expect(mail.mails).toEqual([]);
  });
});

it('sends more reports of one hour in a round than it finds at once', async () => {
  const { id } = await newNotifier('webhook');
  const first = await stack.database.notifier.findUniqueOrThrow({ where: { id } });
  const others = Array.from({ length: 60 }, () => {
    const own = randomUUID();
    const seal = (text: string) => context.tokenCipher.seal(text, own).bytes;
    const target = seal(`${receiver.url}/hooks`);
    return { ...first, id: own, target, secret: seal('whsec_c2VjcmV0IG9mIHRlc3RzIG9ubHkgMTIzNDU2Nzg5MA==') };
  });
  await stack.database.notifier.createMany({ data: others });
  expect(await round()).toMatchObject({ messages: { delivered: 61 } });
});

it('may have arrived where its worker died between claim and outcome, and is not sent again', async () => {
  const { id } = await newNotifier('webhook');
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
  await stack.database
    .$executeRaw`update notifier_messages set attempted_at = attempted_at - interval '3 minutes'`;
  await round();
  expect(receiver.received).toEqual([]);
  expect(await messages(id)).toMatchObject([{ status: 'unconfirmed', reason: 'its sender has stopped' }]);
});
