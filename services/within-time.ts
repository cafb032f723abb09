/**
 * Calls `work` with a signal that aborts when `signal` aborts or when time is up. It has its own timer
 * because Node 20 may collect the timer of an `AbortSignal.any`, from which the Google client makes its
 * `timeout` (nodejs/node 54614). An answer that never completes would then be awaited as long as the caller
 * can wait.
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
