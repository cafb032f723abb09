import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { LOOPBACK } from '../../contracts/webhook-urls.ts';
import { NoticeRefusedError } from './notifier.ts';

const TIMEOUT_MS = 10_000;
/** Ports of the two protocols. */
const PORTS = { secure: 465, submission: 587 } as const;

export interface MailServer {
  /** `SMTP_URL`. */
  url: string;
  /** `SMTP_FROM`. */
  from: string;
}

interface Mail {
  to: string;
  /** Same at every attempt, so that a mail program recognises a repetition. */
  messageId: string;
  subject: string;
  text: string;
  html?: string;
  date: Date;
}

/** Rejects with the error that ends the connection, or when the time for the whole mail is over. */
function untilFailure(connection: SMTPConnection): Promise<never> {
  return new Promise((_resolve, reject) => {
    connection.on('error', reject);
    AbortSignal.timeout(TIMEOUT_MS).addEventListener('abort', () =>
      reject(Object.assign(new Error('The server did not answer in time.'), { code: 'ETIMEDOUT' })),
    );
  });
}

/** Settles with the callback of one of nodemailer's steps. */
function step(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}

/** A code, such as ETLS or EAUTH; the words of the server may name the address. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'no connection';
}

/** Reply by which the server itself has refused, so that it has accepted nothing. */
function refusalOf(error: unknown): number | null {
  const { responseCode } = (error ?? {}) as { responseCode?: unknown };
  return typeof responseCode === 'number' && responseCode >= 400 ? responseCode : null;
}

function open(url: URL): SMTPConnection {
  const isSecure = url.protocol === 'smtps:';
  const isLocal = LOOPBACK.includes(url.hostname);
  return new SMTPConnection({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (isSecure ? PORTS.secure : PORTS.submission),
    secure: isSecure,
    // Neither the password nor a message crosses the network unencrypted.
    requireTLS: !isSecure && !isLocal && url.searchParams.get('requireTLS') !== 'false',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  });
}

/**
 * Sends one e-mail. The connection is opened for it and closed afterwards.
 * @throws NoticeRefusedError when the server has certainly not accepted it
 */
export async function sendMail({ url: address, from }: MailServer, mail: Mail): Promise<void> {
  const url = new URL(address);
  const composed = new MailComposer({
    ...mail,
    from,
    // Keeps answering machines quiet (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  }).compile();
  const envelope = composed.getEnvelope();
  const content = await composed.build();
  const connection = open(url);
  const failure = untilFailure(connection);
  // Errors after the last step concern no message.
  failure.catch(() => undefined);
  const inTime = (one: Promise<void>) => Promise.race([one, failure]);
  try {
    try {
      await inTime(step((done) => connection.connect(done)));
      const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
      if (user !== '') await inTime(step((done) => connection.login({ user, pass }, done)));
    } catch (error) {
      throw new NoticeRefusedError(codeOf(error));
    }
    await inTime(step((done) => connection.send(envelope, content, done))).catch((error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal !== null) throw new NoticeRefusedError(String(refusal));
      throw new Error(`It is unknown whether the e-mail was accepted (${codeOf(error)}).`);
    });
  } finally {
    connection.close();
  }
}
