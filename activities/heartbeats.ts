import { activityInfo, heartbeat } from '@temporalio/activity';

/** Heartbeats per timeout: two may be lost or late. */
const HEARTBEATS_PER_TIMEOUT = 3;

/**
 * Sends heartbeats while an activity runs, if its caller expects any, so that the server notices a killed
 * worker within seconds. Heartbeats prove that the process lives, not that the activity makes progress: the
 * start-to-close timeout ends one that hangs.
 * @returns stops the heartbeats
 */
export function startHeartbeats(): () => void {
  const { heartbeatTimeoutMs } = activityInfo();
  if (!heartbeatTimeoutMs) return () => undefined;
  const timer = setInterval(heartbeat, heartbeatTimeoutMs / HEARTBEATS_PER_TIMEOUT);
  return () => clearInterval(timer);
}
