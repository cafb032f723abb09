import { Temporal } from 'temporal-polyfill';
import { SECOND_MS } from './durations.ts';

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** Whether a name is an IANA zone that this runtime knows. */
export function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The instant in UTC, like `2026-01-05T09:00:00Z`; with a fraction only for partial seconds. */
export function formatInstant(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  return epochMs % SECOND_MS === 0 ? iso.replace('.000Z', 'Z') : iso;
}
