import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { codeIn, startTestMail, type TestMail } from '../support/mail.ts';
import { runCli } from '../support/run-cli.ts';

let fixture: ClientFixture;
let mail: TestMail;
let env: Record<string, string>;
beforeAll(async () => {
  [fixture, mail] = await Promise.all([createClientFixture(), startTestMail()]);
  await fixture.connect('acme');
  env = {
    DATABASE_URL: fixture.url,
    TOKEN_ENCRYPTION_KEY: fixture.encryptionKey,
    SMTP_URL: mail.url,
    SMTP_FROM: 'almanac@example.com',
  };
});
afterAll(() => Promise.all([fixture.drop(), mail.close()]));

const notifier = (args: string[], input?: string) => runCli(['notifier', ...args], { env, input });

describe('almanac notifier', () => {
  it('creates, lists, tests, pauses and deletes', { tags: ['slow'] }, async () => {
    const scope = ['--workspace', 'acme'];
    expect(await notifier(['list', ...scope])).toMatchObject({
      code: 0,
      stdout: 'There is no notifier. Run `almanac notifier create <kind>` to create one.\n',
    });
    // From standard input, so that no other user of the machine sees the target.
    const agenda = ['--notice', 'weekly-summary', '--agenda-hour', '18', '--summary-weekday', 'fri'];
    const create = ['create', 'email', '--name', 'Ada', '--target', '-', ...agenda, ...scope, '--json'];
    const created = await notifier(create, 'ada@example.com\n');
    expect(created.code).toBe(0);
    const { id } = JSON.parse(created.stdout) as { id: string };
    expect(JSON.parse(created.stdout)).toMatchObject({
      notices: ['weekly-summary'],
      agendaHour: 18,
      summaryWeekday: 'fri',
    });
    expect((await notifier(['list', ...scope])).stdout).toContain('a…@example.com');
    expect(await notifier(['confirm', id, ...scope])).toMatchObject({ code: 2 });
    expect(await notifier(['confirm', id, '--send', ...scope])).toMatchObject({ code: 0 });
    expect(await notifier(['confirm', id, '--code', codeIn(mail), ...scope])).toMatchObject({
      code: 0,
      stdout: `Notifier ${id} is active.\n`,
    });
    mail.mails.length = 0;
    expect(await notifier(['test', id, ...scope])).toMatchObject({
      code: 0,
      stdout: 'The test message was delivered.\n',
    });
    expect(mail.mails).toHaveLength(1);
    expect((await notifier(['messages', id, ...scope])).stdout).toContain('delivered');
    expect(await notifier(['change', id, '--status', 'paused', ...scope])).toMatchObject({
      stdout: `Notifier ${id} is paused.\n`,
    });
    expect(await notifier(['delete', id])).toMatchObject({
      code: 1,
      stderr: `The installation has no notifier ${id}. Run \`almanac notifier list\` to see the existing ones.\n`,
    });
    expect(await notifier(['delete', id, ...scope])).toMatchObject({
      stdout: `Notifier ${id} is deleted.\n`,
    });
  });

  it('exits with 1 where the test was not delivered, and says why', async () => {
    const created = await notifier([
      'create',
      'email',
      '--name',
      'Ada',
      '--target',
      'ada@example.com',
      '--json',
    ]);
    const { id } = JSON.parse(created.stdout) as { id: string };
    await notifier(['confirm', id, '--code', codeIn(mail)]);
    mail.refusals.push(Object.assign(new Error('full'), { responseCode: 452 }));
    expect(await notifier(['test', id])).toMatchObject({
      code: 1,
      stdout: 'The test message was not delivered (452).\n',
    });
  });

  it.each([
    [['create', 'pager', '--name', 'A', '--target', 'x'], 'kind must be one of slack, webhook, email.'],
    [['create', 'email', '--name', 'A', '--target', 'x'], 'target must be an e-mail address.'],
    [
      ['create', 'slack', '--name', 'A', '--target', 'https://10.0.0.1/'],
      'target must lead to a public address',
    ],
    [
      ['create', 'email', '--name', 'A', '--target', 'a@example.com', '--notice', 'daily-agenda'],
      'notices must not name daily-agenda for the installation',
    ],
    [
      ['create', 'email', '--name', 'A', '--target', 'a@example.com', '--agenda-hour', '24'],
      'It must be a whole number from 0 to 23.',
    ],
    [['change', 'soon', '--name', 'A'], 'notifier must be the UUID of a notifier'],
  ])('%j exits with 2, in one sentence', async (args, message) => {
    const result = await notifier(args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});
