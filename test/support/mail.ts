import { type ParsedMail, simpleParser } from 'mailparser';
import { confirmNotifier } from '../../services/notifier/confirm-notifier.ts';
import { createNotifier } from '../../services/notifier/notifiers.ts';
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

/** Code of the latest mail. */
export function codeIn({ mails }: TestMail): string {
  return /\b\w{5}-\w{5}\b/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '';
}

/** Creates a notifier, and confirms it if it is an e-mail address, whose mail with the code is then forgotten. */
export async function createActiveNotifier(
  mail: TestMail,
  ...[context, scope, input]: Parameters<typeof createNotifier>
) {
  const created = await createNotifier(context, scope, input);
  if (created.confirmation === null) return created;
  const confirmed = await confirmNotifier(context, scope, created.id, { code: codeIn(mail) });
  mail.mails.pop();
  await context.database.notifierMessage.deleteMany({ where: { notifierId: created.id } });
  return { ...created, ...confirmed };
}
