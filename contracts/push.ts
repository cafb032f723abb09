import type { Environment } from './environment.ts';
import type { FailureType } from './failure-types.ts';

/** Where Google posts notifications, below `PUBLIC_URL`. */
export const WEBHOOK_PATH = '/webhooks/google-calendar';

/** Where channels are to be opened to. */
export interface PushSettings {
  /** Null: nowhere, there is no push. */
  address: string | null;
  /** Why there is none, as a sentence for whoever runs Almanac. */
  offBecause: string | null;
}

const off = (offBecause: string): PushSettings => ({ address: null, offBecause });

/** Google itself posts to https alone; the emulator to this machine as well. */
export function pushSettings({
  PUBLIC_URL,
  GOOGLE_API_ROOT_URL,
}: Pick<Environment, 'PUBLIC_URL' | 'GOOGLE_API_ROOT_URL'>): PushSettings {
  if (PUBLIC_URL === undefined) return off('PUBLIC_URL is not set.');
  const isGoogle = new URL(GOOGLE_API_ROOT_URL).hostname.endsWith('.googleapis.com');
  if (isGoogle && !PUBLIC_URL.startsWith('https:')) {
    return off('PUBLIC_URL is not https, and Google posts to nothing else.');
  }
  return { address: `${PUBLIC_URL}${WEBHOOK_PATH}`, offBecause: null };
}

/** What there is to do about one calendar's channels. */
export interface ChannelWork {
  calendarId: string;
  open: boolean;
  stop: boolean;
}

export interface ListChannelWorkInput {
  /** Calendars up to this ID are done. */
  afterCalendarId: string | null;
  /** Default: all. */
  workspaceId?: string;
}

export interface ListChannelWorkResult {
  work: ChannelWork[];
  /** Null when no calendar is left. */
  nextCalendarId: string | null;
}

export interface CalendarChannelsInput {
  calendarId: string;
}

export interface OpenChannelResult {
  /**
   * `not-wanted`: there is a channel, or the calendar is not to have one any more. `unsupported`: Google watches no
   * such calendar. `address-refused`: Google posts nothing to our address.
   */
  outcome: 'live' | 'not-wanted' | 'unsupported' | 'address-refused';
  /** The calendar has channels that are to be stopped now: those that it replaces. */
  stop: boolean;
}

export interface StopChannelsResult {
  stopped: number;
}

export interface ChannelTotals {
  /** Channels opened, the first of their calendars and those that replace one. */
  opened: number;
  stopped: number;
  /** Calendars that Google does not watch. */
  unsupported: number;
  /** Calendars whose channels could not be opened or stopped; the next run tries again. */
  failed: number;
  /** At most `MAX_SAMPLE_FAILURES`. */
  sampleFailures: { calendarId: string; error: FailureType }[];
  /** Google posts nothing to our address: none was opened after that. */
  addressRefused: boolean;
}

/** Input of `maintainWatchChannels`. Additive for ever. */
export interface MaintainChannelsInput {
  /** Only channels of this one are opened and stopped. Default: those of all, and channels that are over are settled. */
  workspaceId?: string;
  /** Set by continue-as-new only. */
  resume?: { afterCalendarId: string; totals: ChannelTotals };
}
