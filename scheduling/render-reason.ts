import { Temporal } from 'temporal-polyfill';
import type { PlacementReason, UnscheduledReason } from './reasons.ts';
import { HOUR_MINUTES } from '../contracts/durations.ts';

/** Context that sentences need beyond codes and IDs. */
export interface RenderContext {
  timeZone: string;
  /** The user's title of a task or habit. */
  nameOf: (refId: string) => string;
}

/** Formats minutes as `45 min`, `2 h` or `1 h 30 min`. */
export function renderMinutes(minutes: number): string {
  const hours = Math.floor(minutes / HOUR_MINUTES);
  const rest = minutes % HOUR_MINUTES;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function renderInstant(instant: string, timeZone: string): string {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  return `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

const KEPT = {
  pinned: 'Stays: it is pinned, or has begun.',
  frozen: 'Stays because it starts soon.',
  unchanged: 'Stays where it was.',
} as const;

/** The reason for a block's place, as a sentence. */
export function renderPlacement(reason: PlacementReason, { timeZone, nameOf }: RenderContext): string {
  switch (reason.code) {
    case 'kept':
      return KEPT[reason.because];
    case 'earliest-fit':
      return 'The earliest time that fits.';
    case 'ideal-time':
      return reason.deviationMinutes === 0
        ? 'At its ideal time.'
        : `As near to its ideal time as possible, ${renderMinutes(reason.deviationMinutes)} away.`;
    case 'after-deadline':
      return `${renderMinutes(reason.lateMinutes)} of it after the deadline of ${renderInstant(reason.deadline, timeZone)}: there was no time before.`;
    case 'waiting-for':
      return `Starts after ${nameOf(reason.refId)}.`;
    case 'displaced-by':
      return `Moved to make room for ${nameOf(reason.refId)}.`;
  }
}

/** The reason why minutes are not placed, as a sentence. */
export function renderUnscheduled(reason: UnscheduledReason, { nameOf }: RenderContext): string {
  switch (reason.code) {
    case 'no-gap-long-enough':
      return `The longest gap is ${renderMinutes(reason.longest)}, and ${renderMinutes(reason.needed)} at a stretch are needed.`;
    case 'hours-exhausted-before-deadline':
      return `There are ${renderMinutes(reason.free)} of free time, and ${renderMinutes(reason.needed)} are needed.`;
    case 'displaced-by':
      return `The time goes to ${nameOf(reason.refId)}.`;
    case 'waiting-for':
      return `Waits for ${nameOf(reason.refId)}, which is not placed in full.`;
    case 'daily-limit':
      return `${renderMinutes(reason.needed)} more would exceed the ${renderMinutes(reason.limit)} allowed a day.`;
    case 'one-block-only':
      return `It must not be split, and ${renderMinutes(reason.placed)} of it are fixed already.`;
    case 'too-short':
      return `What is left is shorter than the shortest block of ${renderMinutes(reason.shortest)}.`;
  }
}
