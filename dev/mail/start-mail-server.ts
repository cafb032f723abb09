import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const MOST_BYTES = 1_048_576;
const HOST = '127.0.0.1';

export interface MailServerHandle {
  /** For `SMTP_URL`. */
  url: string;
  close(): Promise<void>;
}

interface MailServerOptions {
  /** Default: a free one. */
  port?: number;
  /** Takes over a mail. If it rejects, the sender is refused. */
  onMail(content: Buffer): Promise<void>;
}

async function contentOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A mail server on this machine that delivers nothing: it takes every mail and hands it over. */
export async function startMailServer({ port = 0, onMail }: MailServerOptions): Promise<MailServerHandle> {
  async function takeOver(stream: AsyncIterable<Buffer>, done: (refusal?: Error) => void) {
    try {
      await onMail(await contentOf(stream));
    } catch (error) {
      return done(error instanceof Error ? error : new Error('The mail was not taken.'));
    }
    done();
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: MOST_BYTES,
    onData(stream, _session, done) {
      void takeOver(stream, done);
    },
  });
  // A client that leaves concerns nobody else.
  server.on('error', () => undefined);
  const listening = server.listen(port, HOST);
  await once(listening, 'listening');
  const { port: taken } = listening.address() as AddressInfo;
  return {
    url: `smtp://${HOST}:${taken}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
