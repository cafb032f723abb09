import type { GoogleEvent } from './google-event.ts';

/** What a workspace can let count as free, by the names that its policy and the database use. */
export const POLICY_TRAITS = ['allDay', 'tentative', 'unanswered', 'outOfOffice'] as const;
export type PolicyTrait = (typeof POLICY_TRAITS)[number];

/** Of an event that never takes up time, whatever a policy says. */
export const FREE = 'free';

/** What about an event can keep it from taking up time. */
export type BusyTrait = typeof FREE | PolicyTrait;

export const COUNTS = ['busy', 'free'] as const;
/** How events with a trait count. */
export type BusyPolicy = Record<PolicyTrait, (typeof COUNTS)[number]>;

/** As Google's own `freeBusy` counts. */
export const GOOGLES_BUSY_POLICY: BusyPolicy = {
  allDay: 'busy',
  tentative: 'busy',
  unanswered: 'busy',
  outOfOffice: 'busy',
};

/** Event types that say where a person is or whose birthday it is, never that a time is taken. */
const NEVER_BUSY = new Set(['workingLocation', 'birthday']);

function neverBlocks(event: GoogleEvent, answered: (response: string) => boolean): boolean {
  return (
    event.status === 'cancelled' ||
    // Google leaves `transparency` out where it is `opaque`, of all-day events too.
    event.transparency === 'transparent' ||
    NEVER_BUSY.has(event.eventType ?? '') ||
    answered('declined')
  );
}

/**
 * Everything about an event that decides whether it takes up its owner's time: it does unless a trait of it counts as
 * free. An out-of-office is one of any length: `allDay` is for the others.
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

/** The traits that a policy lets count as free, as `schedule_policies` holds them. */
export function freeTraitsOf(policy: BusyPolicy): PolicyTrait[] {
  return POLICY_TRAITS.filter((trait) => policy[trait] === 'free');
}

/** The policy that the traits of `schedule_policies` stand for. */
export function toBusyPolicy(freeTraits: readonly string[]): BusyPolicy {
  const counts = POLICY_TRAITS.map((trait) => [trait, freeTraits.includes(trait) ? 'free' : 'busy']);
  return Object.fromEntries(counts) as BusyPolicy;
}

/**
 * Whether an event of a calendar that takes up its owner's time does so itself. The mirror applies the same rule to
 * stored traits: `busyRule`.
 */
export function blocksTime(event: GoogleEvent, policy: BusyPolicy = GOOGLES_BUSY_POLICY): boolean {
  const free: BusyTrait[] = [FREE, ...freeTraitsOf(policy)];
  return !busyTraits(event).some((trait) => free.includes(trait));
}
