import type { Database } from '../prisma/client.ts';
import type { GoogleCalendar } from '../services/google/google-calendar.ts';
import type { PollIntervals } from '../services/mirror/next-sync.ts';
import type { Metrics } from '../services/metrics.ts';
import type { Notifier } from '../services/notifier/notifier.ts';

/** What activities work with; made once per worker process. */
export interface ActivityDependencies {
  database: Database;
  google: GoogleCalendar;
  metrics: Metrics;
  poll: PollIntervals;
  retention: { runLogDays: number; changeLogDays: number };
  /** Where push channels are opened to. Null: nowhere. */
  push: { address: string | null };
  /** Who is told of dead letters, and how often at most. */
  notices: { notifier: Notifier; messagesPerHour: number };
  /** Postgres's clock, for times that are not computed in the statement that stores or compares them. */
  now: () => Promise<Date>;
  /** Where an error goes whose own words must not reach a workflow history. */
  reportUnexpected: (error: unknown) => void;
}
