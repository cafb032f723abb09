import type { NotifierKind } from '../../contracts/notices.ts';
import type { Message } from './message.ts';
import { NoticeRefusedError } from './notifier.ts';
import type { PostGuard } from './guarded-post.ts';
import { post } from './post.ts';
import type { MailServer } from './send-mail.ts';
import { signedHeaders } from './standard-webhooks.ts';

/** How messages leave this process. */
export interface Sending {
  /** Null: there is none, and e-mails are refused. */
  mail: MailServer | null;
  /** Networks of the operator are for the installation's notifiers, which only admins create. */
  webhooks: { installation: PostGuard; workspaces: PostGuard };
}

/** Receiver of messages, decrypted. */
export interface Receiver {
  kind: NotifierKind;
  /** URL or e-mail address. */
  target: string;
  /** Signing secret of a webhook: `whsec_…`. */
  secret: string | null;
  /** Null: the installation's. */
  workspaceId: string | null;
}

/** Guard of the requests to a notifier's webhook. */
export function guardOf(
  webhooks: Sending['webhooks'],
  { workspaceId }: Pick<Receiver, 'workspaceId'>,
): PostGuard {
  return workspaceId === null ? webhooks.installation : webhooks.workspaces;
}

const textOf = ({ headline, lines }: Message) => [headline, ...lines].join('\n');

const SLACK_ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Else `<!channel>` or a link in a title would be one in the chat. */
const slackText = (message: Message) =>
  textOf(message).replaceAll(/[&<>]/g, (character) => SLACK_ENTITIES[character] ?? '');

/** Domain of Message-IDs, which nothing resolves. */
const MESSAGE_DOMAIN = 'almanac.invalid';

async function sendSigned({ target, secret }: Receiver, message: Message, options: PostGuard): Promise<void> {
  const { id, topic, data, at } = message;
  const body = JSON.stringify({ type: `notice.${topic}`, timestamp: at.toISOString(), data });
  const headers = await signedHeaders([secret ?? ''], { messageId: id, at, body });
  return post(new URL(target), { body, headers }, options);
}

/**
 * Sends a message once. What mails is loaded with the first e-mail: most processes send none.
 * An error other than `NoticeRefusedError` leaves open whether it was delivered.
 * @throws NoticeRefusedError when it was certainly not delivered
 */
export async function sendMessage(
  { mail, webhooks }: Sending,
  receiver: Receiver,
  message: Message,
): Promise<void> {
  const { kind, target } = receiver;
  const guard = guardOf(webhooks, receiver);
  switch (kind) {
    case 'slack':
      return post(new URL(target), { body: JSON.stringify({ text: slackText(message) }) }, guard);
    case 'webhook':
      return sendSigned(receiver, message, guard);
    case 'email': {
      if (mail === null) throw new NoticeRefusedError('SMTP_URL is not set');
      const { sendMail } = await import('./send-mail.ts');
      return sendMail(mail, {
        to: target,
        messageId: `<${message.id}@${MESSAGE_DOMAIN}>`,
        subject: message.headline,
        text: `${textOf(message)}\n`,
        ...(message.html !== undefined && { html: message.html }),
        date: message.at,
      });
    }
  }
}
