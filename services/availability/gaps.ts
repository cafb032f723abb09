import type { CalendarProof } from '../reading/proof.ts';
import type { Gap } from './gap-codes.ts';
import type { PersonRow } from './read-busy-times.ts';

/** What a workspace's answer cannot know, in the order of its calendars. */
export function gapsOf({ workspaceId, own, calendars, neverListed }: PersonRow): Gap[] {
  const gaps: Gap[] = calendars.flatMap(({ id, gap }) =>
    gap === null ? [] : [{ workspaceId, ...(id !== undefined && { calendarId: id }), code: gap }],
  );
  const unknown = neverListed ? 'neverListed' : calendars.length === 0 ? 'noCalendar' : null;
  if (unknown === null) return gaps;
  if (own) return [...gaps, { workspaceId, code: unknown }];
  return [{ workspaceId, code: 'incomplete' }];
}

/** Proofs of a workspace's calendars. Where calendars may be missing, one entry without a proof says so. */
export function proofsOf({ workspaceId, own, calendars, neverListed }: PersonRow): CalendarProof[] {
  const isUnknown = neverListed || calendars.length === 0;
  const known = isUnknown && !own ? [] : calendars;
  return [
    ...known.map(({ id, provenAt }) => ({
      workspaceId,
      ...(id !== undefined && { calendarId: id }),
      provenAt: provenAt === null ? null : new Date(provenAt).toISOString(),
    })),
    ...(isUnknown ? [{ workspaceId, provenAt: null }] : []),
  ];
}
