import { guardedPost, NoAnswerError, type PostGuard } from '../notifier/guarded-post.ts';
import { signedHeaders } from '../notifier/standard-webhooks.ts';

const TIMEOUT_MS = 15_000;

interface SignedMessage {
  url: string;
  /** Opened, the present one first. */
  secrets: readonly string[];
  messageId: string;
  at: Date;
  body: string;
}

/** Outcome of one attempt. */
export interface AttemptOutcome {
  status: number | null;
  /** Why there was no answer. */
  error: string | null;
  retryAfter?: string | undefined;
  latencyMs: number;
}

/** Signs a message and posts it once. */
export async function postDelivery(
  { url, secrets, ...message }: SignedMessage,
  guard: PostGuard,
): Promise<AttemptOutcome> {
  const headers = { ...(await signedHeaders(secrets, message)), 'user-agent': 'Almanac' };
  const begun = performance.now();
  const latencyMs = () => Math.round(performance.now() - begun);
  try {
    const request = { body: message.body, headers };
    const answer = await guardedPost(new URL(url), request, { timeoutMs: TIMEOUT_MS, ...guard });
    return { ...answer, error: null, latencyMs: latencyMs() };
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    return { status: null, error: error.reason, latencyMs: latencyMs() };
  }
}

export const isAccepted = ({ status }: AttemptOutcome) => status !== null && status >= 200 && status <= 299;
