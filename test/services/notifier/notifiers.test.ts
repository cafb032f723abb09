import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Quota } from '../../../contracts/quotas.ts';
import {
  AlreadyExistsError,
  InvalidInputError,
  NotConfiguredError,
  NotFoundError,
  QuotaExceededError,
  RateLimitedError,
} from '../../../services/errors.ts';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { rotateKeys } from '../../../services/keys/rotate-keys.ts';
import { findWork } from '../../../services/notifier/claim-message.ts';
import { confirmNotifier, sendAnotherCode } from '../../../services/notifier/confirm-notifier.ts';
import { pageOfMessages } from '../../../services/notifier/list-messages.ts';
import {
  changeNotifier,
  createNotifier,
  deleteNotifier,
  listNotifiers,
  type NotifierContext,
} from '../../../services/notifier/notifiers.ts';
import { testNotifier } from '../../../services/notifier/test-notifier.ts';
import { type ClientFixture, createClientFixture } from '../../support/client-fixture.ts';
import { codeIn, createActiveNotifier, startTestMail, type TestMail } from '../../support/mail.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const THIS_MACHINE = { networks: ['127.0.0.0/8'] };

let fixture: ClientFixture;
let mail: TestMail;
let receiver: WebhookReceiver;
let context: NotifierContext;
beforeAll(async () => {
  [fixture, mail, receiver] = await Promise.all([
    createClientFixture(),
    startTestMail(),
    startWebhookReceiver(),
  ]);
  await fixture.connect('acme');
  await fixture.connect('globex');
  context = {
    database: fixture.prisma,
    tokenCipher: fixture.tokenCipher,
    sending: {
      mail: { url: mail.url, from: 'almanac@example.com' },
      webhooks: { installation: THIS_MACHINE, workspaces: THIS_MACHINE },
    },
  };
});
beforeEach(async () => {
  await fixture.prisma.notifier.deleteMany();
  await fixture.prisma.notifierMessage.deleteMany();
  mail.mails.length = 0;
});
afterAll(() => Promise.all([fixture.drop(), mail.close(), receiver.close()]));

const SLACK = {
  name: 'Team',
  kind: 'slack',
  target: 'https://hooks.slack.com/services/T0/B0/secret',
} as const;
const EMAIL = { name: 'Ada', kind: 'email', target: 'Ada.Lovelace@example.com' } as const;

describe('a notifier', () => {
  it('is kept with its target encrypted, and shown without it', async () => {
    const created = await createNotifier(context, 'acme', SLACK);
    expect(created).toEqual({
      id: expect.any(String),
      name: 'Team',
      kind: 'slack',
      receiver: 'hooks.slack.com',
      notices: ['dead-letter', 'needs-reconnect'],
      agendaHour: 7,
      summaryWeekday: 'mon',
      status: 'active',
      createdAt: expect.any(String),
      lastMessageAt: null,
      secret: null,
      confirmation: null,
    });
    const { id } = await createNotifier(context, 'acme', { ...EMAIL, notices: ['needs-reconnect'] });
    const { secret: _secret, confirmation: _confirmation, ...slack } = created;
    expect(await listNotifiers(context, 'acme')).toEqual([
      slack,
      expect.objectContaining({ id, receiver: 'a…@example.com', notices: ['needs-reconnect'] }),
    ]);
    const rows = await fixture.prisma.$queryRaw<{ row: string }[]>`select n::text as row from notifiers n`;
    const stored = rows.map(({ row }) => Buffer.from(row).toString('latin1')).join();
    expect(stored).not.toMatch(/hooks\.slack|lovelace/i);
  });

  it('belongs to a workspace or to the installation', async () => {
    const { id } = await createNotifier(context, 'acme', SLACK);
    const installation = await createNotifier(context, null, SLACK);
    expect((await listNotifiers(context, null)).map((one) => one.id)).toEqual([installation.id]);
    expect(await listNotifiers(context, 'globex')).toEqual([]);
    for (const scope of ['globex', null]) {
      await expect(deleteNotifier(fixture.prisma, scope, id)).rejects.toThrow(NotFoundError);
      await expect(changeNotifier(context, scope, id, { name: 'Mine' })).rejects.toThrow(NotFoundError);
      await expect(testNotifier(context, scope, id)).rejects.toThrow(NotFoundError);
    }
    await expect(listNotifiers(context, 'unknown')).rejects.toThrow(NotFoundError);
  });

  it('is renamed, paused and deleted', async () => {
    const { id } = await createNotifier(context, 'acme', SLACK);
    const changes = { name: 'On call', status: 'paused', notices: ['dead-letter'], agendaHour: 18 } as const;
    expect(await changeNotifier(context, 'acme', id, { ...changes, notices: ['dead-letter'] })).toMatchObject(
      changes,
    );
    expect(await deleteNotifier(fixture.prisma, 'acme', id)).toEqual({ id });
    await expect(deleteNotifier(fixture.prisma, 'acme', id)).rejects.toThrow(NotFoundError);
    await expect(deleteNotifier(fixture.prisma, 'acme', randomUUID())).rejects.toThrow(NotFoundError);
  });

  it('outlives a rotation of keys', async () => {
    const { id } = await createNotifier(context, 'acme', {
      name: 'Product',
      kind: 'webhook',
      target: `${receiver.url}/hooks`,
    });
    const newKey = Buffer.alloc(32, 1).toString('base64');
    await rotateKeys({
      database: fixture.prisma,
      tokenCipher: createTokenCipher([newKey, fixture.encryptionKey]),
    });
    const rotated = { ...context, tokenCipher: createTokenCipher([newKey]) };
    expect(await testNotifier(rotated, 'acme', id)).toMatchObject({ status: 'delivered' });
    expect(await listNotifiers(context, 'acme')).toMatchObject([{ id, receiver: null }]);
  });
});

describe('an e-mail address', () => {
  it('gets a code and nothing else until the code is entered', async () => {
    const { id, ...created } = await createNotifier(context, 'acme', { ...EMAIL, name: 'Buy now' });
    expect(created).toMatchObject({ status: 'unconfirmed', confirmation: { status: 'delivered' } });
    expect(mail.mails.map(({ text }) => text)).toEqual([expect.stringContaining(codeIn(mail))]);
    expect(JSON.stringify(mail.mails)).not.toMatch(/Buy now|acme|https?:/);
    await expect(testNotifier(context, 'acme', id)).rejects.toThrow(InvalidInputError);
    await expect(changeNotifier(context, 'acme', id, { status: 'active' })).rejects.toThrow(
      InvalidInputError,
    );
    expect(await findWork(fixture.prisma)).toEqual([]);
    const code = codeIn(mail);
    const typed = ` ${code.toLowerCase().replace('-', ' ')}`;
    expect(await confirmNotifier(context, 'acme', id, { code: typed })).toMatchObject({
      id,
      status: 'active',
    });
    expect(await confirmNotifier(context, 'acme', id, { code })).toMatchObject({ status: 'active' });
    await expect(sendAnotherCode(context, 'acme', id)).rejects.toThrow(AlreadyExistsError);
    expect(await testNotifier(context, 'acme', id)).toMatchObject({ status: 'delivered' });
    const { codeHash } = await fixture.prisma.notifier.findUniqueOrThrow({ where: { id } });
    expect(codeHash).toBeNull();
  });

  it('is confirmed by its own latest code alone, for a day, within five attempts', async () => {
    const confirm = (id: string, code: string) => confirmNotifier(context, 'acme', id, { code });
    const other = await createNotifier(context, 'acme', EMAIL);
    const ofOther = codeIn(mail);
    const { id } = await createNotifier(context, 'acme', EMAIL);
    const first = codeIn(mail);
    await expect(confirmNotifier(context, null, id, { code: first })).rejects.toThrow(NotFoundError);
    await expect(confirm(id, ofOther)).rejects.toThrow(InvalidInputError);
    await sendAnotherCode(context, 'acme', id);
    const second = codeIn(mail);
    await expect(confirm(id, first)).rejects.toThrow(InvalidInputError);
    for (let attempt = 2; attempt <= 5; attempt += 1)
      await expect(confirm(id, first)).rejects.toThrow(InvalidInputError);
    await expect(confirm(id, second)).rejects.toThrow(InvalidInputError);
    await fixture.setClock(new Date(Date.now() + 25 * 3_600_000));
    await expect(confirm(other.id, ofOther)).rejects.toThrow(InvalidInputError);
    await sendAnotherCode(context, 'acme', id);
    expect(await confirm(id, codeIn(mail))).toMatchObject({ status: 'active' });
    await fixture.setClock(null);
  });

  it('is sent twenty codes an hour for all notifiers of its scope, also after they are deleted', async () => {
    for (let index = 0; index < 20; index += 1) {
      const { id } = await createNotifier(context, 'acme', EMAIL);
      await deleteNotifier(fixture.prisma, 'acme', id);
    }
    await expect(createNotifier(context, 'acme', EMAIL)).rejects.toThrow(RateLimitedError);
    expect(await listNotifiers(context, 'acme')).toEqual([]);
    expect((await createNotifier(context, 'globex', EMAIL)).status).toBe('unconfirmed');
    expect(mail.mails).toHaveLength(21);
  });

  it('stays unconfirmed where the mail was refused', async () => {
    mail.refusals.push(Object.assign(new Error('full'), { responseCode: 452 }));
    const created = await createNotifier(context, 'acme', EMAIL);
    expect(created).toMatchObject({
      status: 'unconfirmed',
      confirmation: { status: 'failed', reason: '452' },
    });
    await sendAnotherCode(context, 'acme', created.id);
    expect(codeIn(mail)).not.toBe('');
  });
});

describe('a new notifier is refused', () => {
  it.each([
    [{ target: 'http://hooks.example.com/1' }, 'target'],
    [{ target: 'https://user:password@hooks.example.com/1' }, 'target'],
    [{ target: 'ftp://hooks.example.com/1' }, 'target'],
    [{ target: `https://hooks.example.com/${'x'.repeat(2_000)}` }, 'target'],
    [{ target: 'https://10.0.0.1/1' }, 'target'],
    [{ target: 'https://[::1]/1' }, 'target'],
    [{ target: 'https://2130706433/1' }, 'target'],
    [{ kind: 'email', target: 'https://hooks.example.com/1' }, 'target'],
    [{ kind: 'email', target: 'ada@example.com\r\nBcc: all@example.com' }, 'target'],
    [{ kind: 'pager' }, 'kind'],
    [{ name: '' }, 'name'],
    [{ notices: [] }, 'notices'],
    [{ notices: ['dead-letter', 'dead-letter'] }, 'notices'],
    [{ notices: ['everything'] }, 'notices.0'],
    [{ agendaHour: 24 }, 'agendaHour'],
    [{ summaryWeekday: 'monday' }, 'summaryWeekday'],
    [{ agendaHour: -1 }, 'agendaHour'],
    [{ agendaHour: 7.5 }, 'agendaHour'],
    [{ secret: 'whsec_mine' }, 'secret'],
  ])('with %j, by naming the field', async (wrong, field) => {
    const guarded = {
      ...context,
      sending: { ...context.sending, webhooks: { installation: THIS_MACHINE, workspaces: {} } },
    };
    const input = { ...SLACK, ...wrong } as Parameters<typeof createNotifier>[2];
    const refusal = await createNotifier(guarded, 'acme', input).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal).toMatchObject({ field });
    expect(await listNotifiers(context, 'acme')).toEqual([]);
  });

  it('as an e-mail address where no mail server is configured', async () => {
    const without = { ...context, sending: { ...context.sending, mail: null } };
    await expect(createNotifier(without, 'acme', EMAIL)).rejects.toThrow(NotConfiguredError);
  });

  it("as one of the installation's that asks for titles", async () => {
    const refusal = { field: 'notices' };
    await expect(
      createNotifier(context, null, { ...SLACK, notices: ['weekly-summary'] }),
    ).rejects.toMatchObject(refusal);
    const { id } = await createNotifier(context, null, SLACK);
    await expect(changeNotifier(context, null, id, { notices: ['daily-agenda'] })).rejects.toMatchObject(
      refusal,
    );
    expect(await listNotifiers(context, null)).toMatchObject([
      { notices: ['dead-letter', 'needs-reconnect'] },
    ]);
  });

  it("as one of a workspace that asks for the installation's report", async () => {
    await expect(
      createNotifier(context, 'acme', { ...SLACK, notices: ['health-report'] }),
    ).rejects.toMatchObject({ field: 'notices' });
  });

  it.each(['acme', null])('beyond the quota, also when many are created at once: %s', async (scope) => {
    const attempts = await Promise.allSettled(
      Array.from({ length: Quota.notifiers + 3 }, () => createNotifier(context, scope, SLACK)),
    );
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual(Array(3).fill(expect.any(QuotaExceededError)));
    expect(await listNotifiers(context, scope)).toHaveLength(Quota.notifiers);
  });
});

describe("the operator's networks", () => {
  const guarded = () => ({
    ...context,
    sending: { ...context.sending, webhooks: { installation: THIS_MACHINE, workspaces: {} } },
  });
  const local = () => ({ name: 'Inside', kind: 'webhook', target: `${receiver.url}/hooks` }) as const;

  it("are open to the installation's notifiers", async () => {
    const { id } = await createNotifier(guarded(), null, local());
    expect(await testNotifier(guarded(), null, id)).toMatchObject({ status: 'delivered' });
  });

  it('are closed to those of a workspace, also when they were created while they were open', async () => {
    await expect(createNotifier(guarded(), 'acme', local())).rejects.toThrow(InvalidInputError);
    const { id } = await createNotifier(context, 'acme', local());
    expect(await testNotifier(guarded(), 'acme', id)).toMatchObject({
      status: 'failed',
      reason: 'its address is not public',
    });
  });
});

describe('a test', () => {
  it('sends one message at once and records it', async () => {
    const { id } = await createActiveNotifier(mail, context, 'acme', EMAIL);
    const tested = await testNotifier(context, 'acme', id);
    expect(tested).toEqual({ messageId: expect.any(String), status: 'delivered' });
    expect(mail.mails.map(({ subject, messageId }) => [subject, messageId])).toEqual([
      ['Almanac sends a test', `<${tested.messageId}@almanac.invalid>`],
    ]);
    expect((await pageOfMessages(fixture.prisma, 'acme', id, { limit: 10 })).rows).toEqual([
      {
        id: tested.messageId,
        notice: 'test',
        subjects: 0,
        status: 'delivered',
        attempts: 1,
        createdAt: expect.any(String),
        attemptedAt: expect.any(String),
        settledAt: expect.any(String),
      },
    ]);
  });

  it('says why it has failed, and where it may have arrived', async () => {
    const target = `${receiver.url}/hooks`;
    const { id } = await createNotifier(context, 'acme', { name: 'Product', kind: 'webhook', target });
    receiver.answers.push({ status: 500 }, null, { status: 410 });
    expect(await testNotifier(context, 'acme', id)).toMatchObject({ status: 'failed', reason: '500' });
    expect(await testNotifier(context, 'acme', id)).toMatchObject({ status: 'unconfirmed' });
    expect(await testNotifier(context, 'acme', id)).toMatchObject({ status: 'failed', reason: '410' });
    expect(await listNotifiers(context, 'acme')).toMatchObject([{ status: 'gone' }]);
    expect(await changeNotifier(context, 'acme', id, { status: 'active' })).toMatchObject({
      status: 'active',
    });
    const first = await pageOfMessages(fixture.prisma, 'acme', id, { limit: 2 });
    const rest = await pageOfMessages(fixture.prisma, 'acme', id, { limit: 2, after: first.cursor });
    expect([...first.rows, ...rest.rows].map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      'failed 410',
      'unconfirmed no answer',
      'failed 500',
    ]);
  });

  it('is not a way to send mails without end, not even by new notifiers', { tags: ['slow'] }, async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id } = await createActiveNotifier(mail, context, 'acme', EMAIL);
      await testNotifier(context, 'acme', id);
      await deleteNotifier(fixture.prisma, 'acme', id);
    }
    const { id } = await createActiveNotifier(mail, context, 'acme', EMAIL);
    await expect(testNotifier(context, 'acme', id)).rejects.toThrow(RateLimitedError);
    expect(mail.mails).toHaveLength(20);
    const other = await createActiveNotifier(mail, context, 'globex', EMAIL);
    expect(await testNotifier(context, 'globex', other.id)).toMatchObject({ status: 'delivered' });
  });
});
