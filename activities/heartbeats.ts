import { activityInfo, heartbeat } from '@temporalio/activity';

/** Heartbeats within the time in which one is expected: two may be lost or late. */
const HEARTBEATS_PER_TIMEOUT = 3;

/**
 * Sends heartbeats while an activity runs, if its caller expects any. So the server learns within seconds that a
 * worker has been killed, however long a page may take. They prove that the process lives, not that the activity gets
 * on: what hangs is ended by its start-to-close time-out.
 * @returns what ends them
 */
export function startHeartbeats(): () => void {
  const { heartbeatTimeoutMs } = activityInfo();
  if (!heartbeatTimeoutMs) return () => undefined;
  const timer = setInterval(heartbeat, heartbeatTimeoutMs / HEARTBEATS_PER_TIMEOUT);
  return () => clearInterval(timer);
}
