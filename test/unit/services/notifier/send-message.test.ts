import { createServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../../services/notifier/message.ts';
import { NoticeRefusedError } from '../../../../services/notifier/notifier.ts';
import { sendMessage } from '../../../../services/notifier/send-message.ts';
import { startTestMail, type TestMail } from '../../../support/mail.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../support/webhook-receiver.ts';

const THIS_MACHINE = ['127.0.0.0/8', '::1/128'];
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const message: Message = {
  id: '11111111-1111-4111-8111-111111111111',
  topic: 'dead-letter',
  headline: 'Almanac has a new dead letter',
  lines: ['• GoogleForbidden (sync) in workspace acme', 'List the dead letters.'],
  data: { deadLetters: [], more: 0 },
  at: new Date(),
};

let mail: TestMail;
let receiver: WebhookReceiver;
beforeAll(async () => {
  [mail, receiver] = await Promise.all([startTestMail(), startWebhookReceiver()]);
});
afterAll(() => Promise.all([mail.close(), receiver.close()]));
afterEach(() => {
  mail.mails.length = 0;
  receiver.received.length = 0;
});

const sending = (url = mail.url) => ({
  mail: { url, from: 'Almanac <almanac@example.com>' },
  webhooks: { installation: {}, workspaces: { networks: THIS_MACHINE } },
});
const email = { kind: 'email', target: 'ada@example.com', secret: null, workspaceId: 'acme' } as const;

async function failureOf(attempt: Promise<void>): Promise<Error> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('The message was sent.');
  expect(error.message).not.toContain('ada');
  return error;
}

describe('an e-mail', () => {
  it('has the headline as its subject, and the ID of the message as its Message-ID', async () => {
    await sendMessage(sending(), email, message);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]).toMatchObject({
      subject: message.headline,
      messageId: `<${message.id}@almanac.invalid>`,
      from: { value: [{ address: 'almanac@example.com', name: 'Almanac' }] },
      to: { value: [{ address: 'ada@example.com' }] },
      text: `${message.headline}\n${message.lines.join('\n')}\n`,
    });
    expect(mail.mails[0]?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('is refused where the server refuses it', async () => {
    mail.refusals.push(Object.assign(new Error('no room for ada'), { responseCode: 452 }));
    const failure = await failureOf(sendMessage(sending(), email, message));
    expect(failure).toBeInstanceOf(NoticeRefusedError);
    expect(failure).toMatchObject({ reason: '452' });
  });

  it('is refused where no server listens, or none is configured', async () => {
    expect(await failureOf(sendMessage(sending('smtp://127.0.0.1:1'), email, message))).toBeInstanceOf(
      NoticeRefusedError,
    );
    const none = { ...sending(), mail: null };
    expect(await failureOf(sendMessage(none, email, message))).toMatchObject({
      reason: 'SMTP_URL is not set',
    });
  });

  it('is refused where a server elsewhere offers no TLS', async () => {
    // Another name of this machine, so that the server counts as one elsewhere.
    const elsewhere = mail.url.replace('127.0.0.1', '127.1');
    const failure = await failureOf(sendMessage(sending(elsewhere), email, message));
    expect(failure).toBeInstanceOf(NoticeRefusedError);
    expect(failure).toMatchObject({ reason: 'ETLS' });
    expect(mail.mails).toEqual([]);
    await sendMessage(sending(`${elsewhere}?requireTLS=false`), email, message);
    expect(mail.mails).toHaveLength(1);
  });

  it('may have arrived where the connection is lost after it was sent', async () => {
    const server = createServer((socket) => {
      socket.write('220 ready\r\n');
      let inData = false;
      socket
        .on('error', () => undefined)
        .on('data', (chunk) => {
          const line = chunk.toString();
          if (inData) {
            if (line.includes('\r\n.\r\n')) socket.destroy();
          } else if (line.startsWith('DATA')) {
            inData = true;
            socket.write('354 go on\r\n');
          } else socket.write('250 ok\r\n');
        });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const failure = await failureOf(sendMessage(sending(`smtp://127.0.0.1:${port}`), email, message));
    expect(failure).not.toBeInstanceOf(NoticeRefusedError);
    server.close();
  });
});

describe('a signed webhook', () => {
  const signed = () =>
    ({ kind: 'webhook', target: `${receiver.url}/hooks`, secret: SECRET, workspaceId: 'acme' }) as const;

  it('is verified by the library that its receivers use, and names the message', async () => {
    await sendMessage(sending(), signed(), message);
    const { headers, body } = receiver.received[0]!;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
      type: 'notice.dead-letter',
      timestamp: message.at.toISOString(),
      data: message.data,
    });
    expect(headers['webhook-id']).toBe(message.id);
    expect(() =>
      new Webhook(SECRET).verify(body.replace('dead', 'live'), headers as Record<string, string>),
    ).toThrow();
  });

  it('is refused as a webhook of the environment is, and tells when its receiver is gone or busy', async () => {
    receiver.answers.push({ status: 410 }, { status: 429, headers: { 'retry-after': '90' } });
    expect(await failureOf(sendMessage(sending(), signed(), message))).toMatchObject({ isGone: true });
    expect(await failureOf(sendMessage(sending(), signed(), message))).toMatchObject({
      isGone: false,
      retryAfterSeconds: 90,
    });
    const guarded = { ...sending(), webhooks: { installation: { networks: THIS_MACHINE }, workspaces: {} } };
    expect(await failureOf(sendMessage(guarded, signed(), message))).toMatchObject({
      reason: 'its address is not public',
    });
  });
});

describe('a message to a chat', () => {
  it('mentions no channel and shows no link that a title names', async () => {
    await sendMessage(
      sending(),
      { kind: 'slack', target: `${receiver.url}/services/1`, secret: null, workspaceId: 'acme' },
      { ...message, headline: 'R&D', lines: ['<!channel> <https://example.com|Pay>'] },
    );
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({
      text: 'R&amp;D\n&lt;!channel&gt; &lt;https://example.com|Pay&gt;',
    });
  });

  it('is one text', async () => {
    await sendMessage(
      sending(),
      { kind: 'slack', target: `${receiver.url}/services/1`, secret: null, workspaceId: 'acme' },
      message,
    );
    expect(receiver.received.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/services/1', { text: [message.headline, ...message.lines].join('\n') }],
    ]);
  });
});
