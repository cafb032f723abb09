import type { FaultBook } from '../faults/fault-book.ts';
import type { QuotaMeter } from '../faults/quota-meter.ts';
import type { TokenStore } from '../oauth/token-store.ts';
import type { ChannelBook } from '../push/channel-book.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import type { RequestLog } from './request-log.ts';

/** The parts of a running emulator that routes and admin operations share. */
export interface EmulatorContext {
  state: EmulatorState;
  tokens: TokenStore;
  faults: FaultBook;
  quota: QuotaMeter;
  channels: ChannelBook;
  requests: RequestLog;
}
