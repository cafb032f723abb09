import type { Environment } from './environment.ts';
import type { FailureType } from './failure-types.ts';

/** Path to which Google posts notifications, below `PUBLIC_URL`. */
export const WEBHOOK_PATH = '/webhooks/google-calendar';

/** The address that push channels post to. */
export interface PushSettings {
  /** Null: push is off. */
  address: string | null;
  /** Why push is off, as a sentence for the operator. Null: it is on. */
  offBecause: string | null;
}

const off = (offBecause: string): PushSettings => ({ address: null, offBecause });

/** Google posts to https only; the emulator posts to plain http on localhost as well. */
export function pushSettings({
  PUBLIC_URL,
  GOOGLE_API_ROOT_URL,
}: Pick<Environment, 'PUBLIC_URL' | 'GOOGLE_API_ROOT_URL'>): PushSettings {
  if (PUBLIC_URL === undefined) return off('PUBLIC_URL is not set.');
  const isGoogle = new URL(GOOGLE_API_ROOT_URL).hostname.endsWith('.googleapis.com');
  if (isGoogle && !PUBLIC_URL.startsWith('https:')) {
    return off('PUBLIC_URL is not https, and Google posts to https only.');
  }
  return { address: `${PUBLIC_URL}${WEBHOOK_PATH}`, offBecause: null };
}

/** Actions due for one calendar's channels. */
export interface ChannelWork {
  calendarId: string;
  open: boolean;
  stop: boolean;
}

export interface ListChannelWorkInput {
  /** Calendars up to this ID are done. */
  afterCalendarId: string | null;
  /** Default: all workspaces. */
  workspaceId?: string;
}

export interface ListChannelWorkResult {
  work: ChannelWork[];
  /** Value for `afterCalendarId` of the next call; null after the last calendar. */
  nextCalendarId: string | null;
}

export interface CalendarChannelsInput {
  calendarId: string;
}

export interface OpenChannelResult {
  /**
   * `not-wanted`: the calendar has a channel already, or should have none. `unsupported`: Google cannot watch
   * this calendar. `address-refused`: Google refuses to post to our address.
   */
  outcome: 'live' | 'not-wanted' | 'unsupported' | 'address-refused';
  /** The calendar has channels to be stopped: those that the opened one replaces. */
  stop: boolean;
}

export interface StopChannelsResult {
  stopped: number;
}

export interface ChannelTotals {
  /** Channels opened, replacements included. */
  opened: number;
  stopped: number;
  /** Calendars that Google cannot watch. */
  unsupported: number;
  /** Calendars whose channels could not be opened or stopped; the next run retries them. */
  failed: number;
  /** At most `MAX_SAMPLE_FAILURES`. */
  sampleFailures: { calendarId: string; error: FailureType }[];
  /** Google refused to post to our address; no further channel was opened. */
  addressRefused: boolean;
}

/** Input of `maintainWatchChannels`. Fields may be added, never changed or removed. */
export interface MaintainChannelsInput {
  /**
   * Only workspace whose channels are opened and stopped. Default: all, and ended channels are settled too.
   */
  workspaceId?: string;
  /** Set by continue-as-new only. */
  resume?: { afterCalendarId: string; totals: ChannelTotals };
}
