import type { Database } from '../prisma/client.ts';
import type { DeliveryContext } from '../services/delivery/context.ts';
import type { GoogleCalendar } from '../services/google/google-calendar.ts';
import type { PollSettings } from '../services/mirror/next-sync.ts';
import type { PollStretch } from '../services/mirror/poll-stretch.ts';
import type { Metrics } from '../services/metrics.ts';
import type { ReportOptions } from '../services/notifier/compose-report.ts';
import type { Notifier } from '../services/notifier/notifier.ts';
import type { Sending } from '../services/notifier/send-message.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';
import type { TokenCipher } from '../services/google/token-cipher.ts';

/** Dependencies of activities, made once per worker process. */
export interface ActivityDependencies {
  database: Database;
  google: GoogleCalendar;
  /** What ends a grant at Google. */
  oauth: { tokenCipher: TokenCipher; revokeUrl: string };
  metrics: Metrics;
  /** Counts what workspaces use. */
  usage: UsageMeter;
  poll: Omit<PollSettings, 'stretch'>;
  /** How far poll intervals are stretched at present. */
  readStretch: () => Promise<PollStretch>;
  retention: { runLogDays: number; changeLogDays: number };
  /** URL that push channels post to. Null: push is off. */
  push: { address: string | null };
  /** Receiver of notices of dead letters, and its limit. */
  notices: { notifier: Notifier; messagesPerHour: number };
  /** How messages reach the notifiers that are kept in Postgres. */
  notifiers: { tokenCipher: TokenCipher; sending: Sending };
  /** What reports to notifiers need. */
  reports: ReportOptions;
  /** What deliveries to webhooks are signed with, and the networks that they may reach. */
  delivery: Pick<DeliveryContext, 'tokenCipher' | 'guard'>;
  /** Postgres's clock, for times that the SQL statement does not compute itself. */
  now: () => Promise<Date>;
  /** Receives errors whose message must not reach a workflow history. */
  reportUnexpected: (error: unknown) => void;
}
