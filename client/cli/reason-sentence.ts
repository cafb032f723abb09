import type { PlacementReason, UnscheduledReason } from '../../scheduling/index.ts';
import { minutesText, momentText } from './civil-format.ts';

export interface SentenceContext {
  timeZone: string;
  /** The title of a task or habit. */
  title: (refId: string) => string;
}

/** Why a block is where it is, or why minutes have no place. */
export function reasonSentence(
  reason: PlacementReason | UnscheduledReason,
  { timeZone, title }: SentenceContext,
): string {
  switch (reason.code) {
    case 'kept':
      return KEPT[reason.because];
    case 'earliest-fit':
      return 'the earliest time that fits';
    case 'ideal-time':
      return reason.deviationMinutes === 0
        ? 'at its ideal time'
        : `as near to its ideal time as it fits, ${minutesText(Math.abs(reason.deviationMinutes))} off`;
    case 'after-deadline':
      return `${minutesText(reason.lateMinutes)} late, its deadline is ${momentText(reason.deadline, timeZone)}`;
    case 'waiting-for':
      return `waits for ${title(reason.refId)}`;
    case 'displaced-by':
      return `makes room for ${title(reason.refId)}`;
    case 'no-gap-long-enough':
      return `needs ${minutesText(reason.needed)} at a stretch, the longest gap has ${minutesText(reason.longest)}`;
    case 'hours-exhausted-before-deadline':
      return `needs ${minutesText(reason.needed)}, its hours have ${minutesText(reason.free)} left`;
    case 'one-block-only':
      return `must not be split, and ${minutesText(reason.placed)} of it are pinned`;
    case 'too-short':
      return `is less than its shortest block, ${minutesText(reason.shortest)}`;
  }
}

const KEPT = {
  pinned: 'stays where it was put',
  frozen: 'begins too soon to be moved',
  unchanged: 'stays where it was',
} as const;
