import { noticeText } from './notice-text.ts';
import { NoticeRefusedError, type Notifier } from './notifier.ts';

const TIMEOUT_MS = 10_000;

/** Codes of failures before anything was sent: no name, no connection, no trust. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/;

function codeOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'no answer';
}

/**
 * Posts `{"text": …}`, as Slack and those who speak like it take it. Redirects are not followed, and the answer's
 * body is not read: nobody but the address that is configured gets to see the message or to say anything back.
 */
export function createWebhookNotifier(url: string, timeoutMs = TIMEOUT_MS): Notifier {
  return {
    async send(message) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: noticeText(message) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => {
        const code = codeOf(error);
        if (NEVER_SENT.test(code)) throw new NoticeRefusedError(code);
        // Not the error itself: it may name the address.
        throw new Error(`It is unknown whether the notice has arrived (${code}).`);
      });
      await response.body?.cancel().catch(() => undefined);
      if (!response.ok) throw new NoticeRefusedError(String(response.status));
    },
  };
}
