import { log } from '@temporalio/activity';
import type { MetricMeter } from '@temporalio/common';
import type { ActivityDependencies } from '../activities/dependencies.ts';
import { MINUTE_MS } from '../contracts/durations.ts';
import type { Environment } from '../contracts/environment.ts';
import { pushSettings } from '../contracts/push.ts';
import type { Database } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import { createAccessTokens } from '../services/google/access-tokens.ts';
import { createGoogleCalendar } from '../services/google/google-calendar.ts';
import { createGoogleQuota, runningPriority } from '../services/google/quota.ts';
import type { RequestMeter } from '../services/google/request-meter.ts';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import { createStretchReader } from '../services/mirror/poll-stretch.ts';
import { logNotifier } from '../services/notifier/log-notifier.ts';
import { sendingOf } from '../services/notifier/sending-of.ts';
import { createWebhookNotifier } from '../services/notifier/webhook-notifier.ts';
import { createNarrator } from '../services/reports/narrator.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';
import { reportUnexpected } from './activity-logging.ts';
import { createMetrics } from './metrics.ts';

/** Dependencies of activities in production. */
export function createDependencies(
  environment: Environment,
  database: Database,
  meter: MetricMeter,
  { requestMeter, usage }: { requestMeter: RequestMeter; usage: UsageMeter },
): ActivityDependencies {
  const metrics = createMetrics(meter);
  const cipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);
  const accessTokens = createAccessTokens(
    database,
    cipher,
    {
      clientId: environment.GOOGLE_CLIENT_ID,
      clientSecret: environment.GOOGLE_CLIENT_SECRET,
      tokenUrl: environment.GOOGLE_OAUTH_TOKEN_URL,
    },
    metrics,
  );
  const limits = {
    project: environment.GOOGLE_REQUESTS_PER_MINUTE,
    user: environment.GOOGLE_USER_REQUESTS_PER_MINUTE,
    writes: environment.GOOGLE_USER_WRITES_PER_MINUTE,
  };
  const quota = createGoogleQuota(database, limits, runningPriority);
  const poll = {
    plainMs: environment.POLL_INTERVAL_MINUTES * MINUTE_MS,
    withPushMs: environment.POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
  };
  return {
    database,
    google: createGoogleCalendar(environment.GOOGLE_API_ROOT_URL, accessTokens, quota, metrics, {
      meter: requestMeter,
    }),
    oauth: { tokenCipher: cipher, revokeUrl: environment.GOOGLE_OAUTH_REVOKE_URL },
    poll: { ...poll, mostMs: environment.POLL_INTERVAL_MOST_MINUTES * MINUTE_MS },
    readStretch: createStretchReader(database, environment.GOOGLE_DAILY_BUDGET),
    metrics,
    usage,
    retention: {
      runLogDays: environment.RUN_LOG_RETENTION_DAYS,
      // Time travel reads the past from the change log.
      changeLogDays: Math.max(environment.CHANGE_LOG_RETENTION_DAYS, environment.TIME_TRAVEL_RETENTION_DAYS),
    },
    push: pushSettings(environment),
    notices: {
      notifier: environment.NOTIFIER_WEBHOOK_URL
        ? createWebhookNotifier(environment.NOTIFIER_WEBHOOK_URL, {
            networks: environment.NOTIFIER_ALLOWED_NETWORKS,
          })
        : logNotifier,
      messagesPerHour: environment.NOTIFIER_MESSAGES_PER_HOUR,
    },
    notifiers: { tokenCipher: cipher, sending: sendingOf(environment) },
    reports: {
      health: { poll, dailyBudget: environment.GOOGLE_DAILY_BUDGET },
      narrate: createNarrator(environment, {
        onFailure: (reason) => log.warn('An agenda could not be told in words', { reason }),
      }),
    },
    delivery: { tokenCipher: cipher, guard: { networks: environment.WEBHOOK_ALLOWED_NETWORKS } },
    now: () => readClock(database),
    reportUnexpected,
  };
}
