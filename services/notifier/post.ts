import { guardedPost, NoAnswerError, type PostGuard } from './guarded-post.ts';
import { NoticeRefusedError } from './notifier.ts';

const GONE = 410;

/**
 * Posts a notice.
 * @throws NoticeRefusedError when it was certainly not accepted
 */
export async function post(
  url: URL,
  notice: { body: string; headers?: Record<string, string> },
  guard: PostGuard = {},
): Promise<void> {
  const { status, retryAfter } = await guardedPost(url, notice, guard).catch((error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
    if (!error.mayHaveArrived) throw new NoticeRefusedError(error.reason);
    throw new Error(`It is unknown whether the notice was delivered (${error.reason}).`);
  });
  if (status >= 200 && status <= 299) return;
  throw new NoticeRefusedError(String(status), {
    isGone: status === GONE,
    retryAfterSeconds: secondsOf(retryAfter),
  });
}

/** A Retry-After in seconds; its other form, a date, depends on two clocks. */
function secondsOf(retryAfter: string | undefined): number {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : 0;
}
