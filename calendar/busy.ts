import type { GoogleEvent } from './google-event.ts';

/** Traits of events that a workspace may count as free, named as in its policy and the database. */
export const POLICY_TRAITS = ['allDay', 'tentative', 'unanswered', 'outOfOffice'] as const;
export type PolicyTrait = (typeof POLICY_TRAITS)[number];

/** Trait of an event that never takes up time, under any policy. */
export const FREE = 'free';

/** Traits that can keep an event from taking up time. */
export type BusyTrait = typeof FREE | PolicyTrait;

export const COUNTS = ['busy', 'free'] as const;
/** Whether events with a trait count as busy or free. */
export type BusyPolicy = Record<PolicyTrait, (typeof COUNTS)[number]>;

/** Counts as Google's own `freeBusy` does. */
export const GOOGLES_BUSY_POLICY: BusyPolicy = {
  allDay: 'busy',
  tentative: 'busy',
  unanswered: 'busy',
  outOfOffice: 'busy',
};

/** Event types that give a place or a birthday, and never take up time. */
const NEVER_BUSY = new Set(['workingLocation', 'birthday']);

function neverBlocks(event: GoogleEvent, answered: (response: string) => boolean): boolean {
  return (
    event.status === 'cancelled' ||
    // Google omits `transparency` when it is `opaque`, for all-day events too.
    event.transparency === 'transparent' ||
    NEVER_BUSY.has(event.eventType ?? '') ||
    answered('declined')
  );
}

/**
 * The traits of an event that decide whether it takes up its owner's time: it does unless one of them counts
 * as free. An out-of-office event never gets `allDay`, only `outOfOffice`.
 */
export function busyTraits(event: GoogleEvent): BusyTrait[] {
  const answered = (response: string) =>
    event.attendees?.some((attendee) => attendee.self && attendee.responseStatus === response) ?? false;
  if (neverBlocks(event, answered)) return [FREE];
  const traits: BusyTrait[] = [];
  if (event.eventType === 'outOfOffice') traits.push('outOfOffice');
  else if (event.start?.date && !event.start.dateTime) traits.push('allDay');
  if (event.status === 'tentative' || answered('tentative')) traits.push('tentative');
  if (answered('needsAction')) traits.push('unanswered');
  return traits;
}

/** The traits that a policy counts as free, as `schedule_policies` stores them. */
export function freeTraitsOf(policy: BusyPolicy): PolicyTrait[] {
  return POLICY_TRAITS.filter((trait) => policy[trait] === 'free');
}

/** The policy for traits that `schedule_policies` stores as free. */
export function toBusyPolicy(freeTraits: readonly string[]): BusyPolicy {
  const counts = POLICY_TRAITS.map((trait) => [trait, freeTraits.includes(trait) ? 'free' : 'busy']);
  return Object.fromEntries(counts) as BusyPolicy;
}

/**
 * Whether an event takes up its owner's time, provided its calendar does. The mirror applies the same rule to
 * stored traits in SQL: `busyRule`.
 */
export function blocksTime(event: GoogleEvent, policy: BusyPolicy = GOOGLES_BUSY_POLICY): boolean {
  const free: BusyTrait[] = [FREE, ...freeTraitsOf(policy)];
  return !busyTraits(event).some((trait) => free.includes(trait));
}
