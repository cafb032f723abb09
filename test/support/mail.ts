import { type ParsedMail, simpleParser } from 'mailparser';
import { type MailServerHandle, startMailServer } from '../../dev/mail/start-mail-server.ts';

export interface TestMail extends MailServerHandle {
  /** Mails that have arrived, oldest first. */
  mails: ParsedMail[];
  /** Errors for the next mails; each refuses one. */
  refusals: Error[];
}

/** The mail server of `npm start`, with what it has taken. */
export async function startTestMail(): Promise<TestMail> {
  const mails: ParsedMail[] = [];
  const refusals: Error[] = [];
  const server = await startMailServer({
    async onMail(content) {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      mails.push(await simpleParser(content));
    },
  });
  return { ...server, mails, refusals };
}
