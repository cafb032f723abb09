/** From worst to best. A workspace, and an account, is as healthy as the worst of what it has. */
export const HEALTHS = [
  /** Google no longer accepts the grant: a person has to connect the account again. */
  'needs_reconnect',
  /** The last sync failed; the next one tries again. */
  'failing',
  /** Google no longer shows the calendar to the account. */
  'inaccessible',
  /** A sync is overdue: no worker is running, or the schedule is paused. */
  'stale',
  /** Waits for its first sync, or for an account. */
  'pending',
  'healthy',
  /** Switched off by a person. */
  'disabled',
] as const;
export type Health = (typeof HEALTHS)[number];

/** Two ticks of the schedule: one may have been missed for an overlap. */
const OVERDUE_MS = 30 * 60_000;

export interface CalendarState {
  enabled: boolean;
  status: string;
  accountStatus: string;
  failures: number;
  lastSyncedAt: Date | null;
  nextSyncAt: Date | null;
}

export function calendarHealth(calendar: CalendarState, now: Date): Health {
  if (!calendar.enabled || calendar.accountStatus === 'disconnected') return 'disabled';
  if (calendar.accountStatus === 'needs_reconnect') return 'needs_reconnect';
  if (calendar.status === 'inaccessible') return 'inaccessible';
  if (calendar.failures > 0) return 'failing';
  if (calendar.lastSyncedAt === null) return 'pending';
  const dueAt = calendar.nextSyncAt ?? calendar.lastSyncedAt;
  return now.getTime() - dueAt.getTime() > OVERDUE_MS ? 'stale' : 'healthy';
}

export interface AccountState {
  status: string;
  lastError: string | null;
  calendarListSyncedAt: Date | null;
}

export function accountHealth(account: AccountState): Health {
  if (account.status === 'disconnected') return 'disabled';
  if (account.status === 'needs_reconnect') return 'needs_reconnect';
  if (account.lastError !== null) return 'failing';
  return account.calendarListSyncedAt === null ? 'pending' : 'healthy';
}

/** The worst of `parts`; what is disabled counts only where there is nothing else. */
export function worstHealth(parts: readonly Health[]): Health {
  return HEALTHS.find((health) => parts.includes(health)) ?? 'pending';
}
