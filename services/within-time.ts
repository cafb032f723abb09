/**
 * Calls `work` with a signal that aborts as `signal` does, or when time is up. By a timer of its own: of
 * `AbortSignal.any`, of which the Google client makes its `timeout`, Node 20 may collect the timer before it fires
 * (nodejs/node 54614), and an answer that is never completed would be waited for as long as the caller can wait.
 */
export async function withinTime<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const stop = () => end.abort(signal.reason);
  const timer = setTimeout(() => end.abort(new DOMException('Time is up.', 'TimeoutError')), timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await work(end.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
