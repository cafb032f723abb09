import type { Interval } from './interval.ts';

/** What a planned block of Almanac counts as: `ask` counts it as free where it can move, and names it. */
export const MOVABLE = ['busy', 'free', 'ask'] as const;
export type Movable = (typeof MOVABLE)[number];

/** Properties by which slots are ordered. */
export const PREFERENCES = ['earliest', 'latest', 'fewestMoves', 'mostPeople', 'middleOfHours'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** A planned block that can move. */
export interface MovableBlock extends Interval {
  blockId: string;
}

/** Time of one person. Lists need no order, and may overlap. */
export interface Person {
  id: string;
  busy: readonly Interval[];
  movable: readonly MovableBlock[];
  /** Time in which the person can meet. Null: any time. */
  hours: readonly Interval[] | null;
  /** Free time around a slot, in milliseconds. It may lie outside hours and windows. */
  bufferBeforeMs: number;
  bufferAfterMs: number;
}

/** At least so many of these people have to be able to come. */
export interface Group {
  people: readonly string[];
  atLeast: number;
}

export interface SlotQuery {
  /** A slot lies inside one window; windows that touch are one. */
  windows: readonly Interval[];
  durationMs: number;
  /** Slots start at `anchorMs` plus multiples of this. */
  granularityMs: number;
  anchorMs: number;
  /** At least one. */
  groups: readonly Group[];
  movable: Movable;
  /** Each counts ten times as much as the next. */
  prefer: readonly [Preference, ...Preference[]];
  mostSlots: number;
  /** Whether slots may overlap each other. Otherwise each is the best that does not overlap a better one. */
  overlapping: boolean;
}

export interface Slot extends Interval {
  /** IDs of those who can come, in the order of the query. */
  people: string[];
  /** Blocks that have to move for it. */
  movable: { personId: string; blockId: string }[];
  /** From 0 to 1: the weighted mean of `reason.values`. */
  score: number;
  reason: SlotReason;
}

/** `code`: the preference in which the slot is ahead of the next one; of the last slot, the first preference. */
export interface SlotReason {
  code: Preference;
  /** How well the slot meets each preference, from 0 to 1. */
  values: Partial<Record<Preference, number>>;
}
