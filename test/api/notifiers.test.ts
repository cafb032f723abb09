import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { codeIn, startTestMail, type TestMail } from '../support/mail.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

let fixture: ClientFixture;
let temporal: TestTemporal;
let mail: TestMail;
let api: TestApi;
let key: string;
beforeAll(async () => {
  [fixture, temporal, mail] = await Promise.all([
    createClientFixture(),
    connectTestTemporal(),
    startTestMail(),
  ]);
  await fixture.connect('acme');
  await fixture.connect('globex');
  api = await startTestApi({
    stack: { prisma: fixture.prisma, temporal },
    environment: { SMTP_URL: mail.url, SMTP_FROM: 'almanac@example.com' },
  });
  key = await api.createKey('acme');
});
afterAll(async () => {
  await api.close();
  await Promise.all([temporal.close(), mail.close(), fixture.drop()]);
});

const ACME = '/api/v1/workspaces/acme/notifiers';
const INSTALLATION = '/api/v1/notifiers';
const EMAIL = { name: 'Ada', kind: 'email', target: 'ada@example.com' };

describe.each([
  ['a workspace', ACME, () => key],
  ['the installation', INSTALLATION, () => api.adminKey],
])('the notifiers of %s', (_of, path, keyOf) => {
  const call = (suffix: string, method = 'GET', body?: unknown) =>
    api.call(`${path}${suffix}`, { method, body, key: keyOf() });

  it('are created, tested, changed and deleted', async () => {
    const created = await call('', 'POST', EMAIL);
    expect(created).toMatchObject({ status: 201, body: { receiver: 'a…@example.com', secret: null } });
    const { id } = created.body as { id: string };
    expect(created.body).toMatchObject({ status: 'unconfirmed', confirmation: { status: 'delivered' } });
    expect(await call(`/${id}/test`, 'POST')).toMatchObject({ status: 400, body: { field: 'notifier' } });
    const wrong = { code: '00000-00000' };
    expect(await call(`/${id}/confirm`, 'POST', wrong)).toMatchObject({
      status: 400,
      body: { field: 'code' },
    });
    expect(await call(`/${id}/send-code`, 'POST')).toMatchObject({ body: { status: 'delivered' } });
    expect(await call(`/${id}/confirm`, 'POST', { code: codeIn(mail) })).toMatchObject({
      status: 200,
      body: { id, status: 'active' },
    });
    expect(await call(`/${id}/send-code`, 'POST')).toMatchObject({ status: 409 });
    const arrived = mail.mails.length;
    const tested = await call(`/${id}/test`, 'POST');
    expect(tested).toMatchObject({ status: 200, body: { status: 'delivered' } });
    expect(mail.mails).toHaveLength(arrived + 1);
    expect((await call(`/${id}/messages`)).body).toMatchObject([
      { notice: 'test', status: 'delivered' },
      { notice: 'confirmation' },
      { notice: 'confirmation' },
    ]);
    expect(await call(`/${id}`, 'PATCH', { status: 'paused' })).toMatchObject({
      status: 200,
      body: { status: 'paused' },
    });
    expect((await call('')).body).toMatchObject([{ id, status: 'paused' }]);
    expect(await call(`/${id}`, 'DELETE')).toMatchObject({ status: 200, body: { removed: id } });
    expect(await call(`/${id}`, 'DELETE')).toMatchObject({ status: 404 });
    expect((await call('')).body).toEqual([]);
  });

  it('show the secret of a webhook once', async () => {
    const webhook = { name: 'Product', kind: 'webhook', target: 'https://hooks.example.com/almanac' };
    const { body } = await call('', 'POST', webhook);
    expect(body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), receiver: 'hooks.example.com' });
    expect(JSON.stringify((await call('')).body)).not.toContain(body.secret);
    await call(`/${body.id}`, 'DELETE');
  });

  it.each([
    [{ ...EMAIL, target: 'ada' }, 'target must be an e-mail address.'],
    [{ ...EMAIL, kind: 'slack' }, 'target must be an https URL'],
    [{ ...EMAIL, kind: 'slack', target: 'http://localhost/' }, 'target must lead to a public address'],
  ])('are refused with one sentence: %j', async (body, detail) => {
    const refused = await call('', 'POST', body);
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    expect(JSON.stringify(refused.body)).not.toContain('localhost/');
  });
});

describe('a daily agenda', () => {
  const AGENDA = { ...EMAIL, notices: ['daily-agenda'] };

  it('is sent at the hour that its notifier names, by default at 7', async () => {
    const { status, body } = await api.call(ACME, { method: 'POST', body: AGENDA, key });
    expect({ status, body }).toMatchObject({ status: 201, body: { agendaHour: 7 } });
    const one = `${ACME}/${body.id}`;
    expect(await api.call(one, { method: 'PATCH', body: { agendaHour: 18 }, key })).toMatchObject({
      status: 200,
      body: { notices: ['daily-agenda'], agendaHour: 18 },
    });
    expect(await api.call(one, { method: 'PATCH', body: { agendaHour: 24 }, key })).toMatchObject({
      status: 400,
      body: { detail: 'agendaHour must be an hour from 0 to 23.' },
    });
    await api.call(one, { method: 'DELETE', key });
  });

  it('is refused to the installation, because it holds titles', async () => {
    expect(await api.call(INSTALLATION, { method: 'POST', body: AGENDA })).toMatchObject({
      status: 400,
      body: {
        detail:
          'notices must not name daily-agenda for the installation: it holds titles, so only notifiers of a workspace receive it.',
      },
    });
  });
});

describe("another workspace's notifier", () => {
  it('is out of reach by its ID', async () => {
    const { body } = await api.call('/api/v1/workspaces/globex/notifiers', { method: 'POST', body: EMAIL });
    const installation = await api.call(INSTALLATION, { method: 'POST', body: EMAIL });
    for (const id of [body.id, installation.body.id]) {
      for (const asKey of [key, api.adminKey]) {
        const ask = (suffix: string, method: string, sent?: unknown) =>
          api.call(`${ACME}/${id}${suffix}`, { method, body: sent, key: asKey });
        expect((await ask('', 'PATCH', { name: 'Mine' })).status).toBe(404);
        expect((await ask('/test', 'POST')).status).toBe(404);
        expect((await ask('/send-code', 'POST')).status).toBe(404);
        expect((await ask('/confirm', 'POST', { code: codeIn(mail) })).status).toBe(404);
        expect((await ask('/messages', 'GET')).status).toBe(404);
        expect((await ask('', 'DELETE')).status).toBe(404);
      }
    }
  });
});
