import { GoogleError } from '../http/google-error.ts';
import type { EmulatorState } from '../state/emulator-state.ts';

const WINDOW_MS = 60_000;

/** Sliding one-minute windows per user and per project (OAuth client). Refused requests do not count. */
export class QuotaMeter {
  private readonly windows = new Map<string, number[]>();
  private readonly state: EmulatorState;

  constructor(state: EmulatorState) {
    this.state = state;
  }

  /** Counts a request, or throws the error Google answers above the limit. */
  spend(email: string, clientId: string): void {
    const { perUserPerMinute, perProjectPerMinute, status, retryAfterSeconds } = this.state.knobs.quota;
    if (perUserPerMinute === undefined && perProjectPerMinute === undefined) return;
    const user = this.window(`user ${email}`);
    const project = this.window(`project ${clientId}`);
    const userFull = user.length >= (perUserPerMinute ?? Infinity);
    if (userFull || project.length >= (perProjectPerMinute ?? Infinity)) {
      throw new GoogleError(
        status,
        userFull && status === 403
          ? { domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' }
          : { domain: 'usageLimits', reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded' },
        retryAfterSeconds,
      );
    }
    const nowMs = this.state.nowMs();
    user.push(nowMs);
    project.push(nowMs);
  }

  clear(): void {
    this.windows.clear();
  }

  private window(key: string): number[] {
    const oldest = this.state.nowMs() - WINDOW_MS;
    const kept = (this.windows.get(key) ?? []).filter((at) => at > oldest);
    this.windows.set(key, kept);
    return kept;
  }
}
