import { sayCount } from '../../components/count.ts';
import type { PlanResult } from '../../data/planning.ts';

const REFUSED = {
  'changed-since-preview':
    'Nothing was written, because calendar, tasks or habits have changed since the preview: preview once more.',
  'not-synced': 'Nothing was written, because a calendar could not be synced: its free time may be busy.',
  'edited-meanwhile': 'Part of it was written: people kept editing blocks. The next run continues.',
  'nothing-to-undo': 'There was nothing to undo: the run was not applied, or has been undone.',
} as const;

const sayWrites = ({ created, moved, deleted }: PlanResult): string =>
  `${created} created, ${moved} moved, ${deleted} deleted`;

/** What a run did, in one sentence. */
export function sayOutcome(result: PlanResult): { text: string; isFailure: boolean } {
  const { refused, error, applied, edits } = result;
  if (refused !== undefined) return { text: REFUSED[refused], isFailure: true };
  if (error !== undefined) return { text: `The run failed with ${error}.`, isFailure: true };
  if ('mode' in result && result.mode === 'purge')
    return {
      text: `Removed from Google Calendar: ${sayCount(result.deleted, 'block')}. Plans are no longer applied by themselves.`,
      isFailure: false,
    };
  if ('mode' in result)
    return { text: `Taken back in Google Calendar: ${sayWrites(result)}.`, isFailure: false };
  if (!applied)
    return { text: `The preview is ready: ${sayWrites(result)} if it is applied.`, isFailure: false };
  const pinned =
    edits.pinned > 0 ? ` ${sayCount(edits.pinned, 'block')} that people moved stayed there.` : '';
  return { text: `Written to Google Calendar: ${sayWrites(result)}.${pinned}`, isFailure: false };
}
