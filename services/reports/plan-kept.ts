import { z } from 'zod';
import type { Interval } from '../../calendar/availability/interval.ts';

export const planKeptSchema = z.object({
  placed: z.int().describe('Blocks that the latest plan for them placed in this week; the sum of the others'),
  kept: z.int().describe('Over, and where they were planned'),
  moved: z.int().describe('Moved or resized by people'),
  missed: z.int().describe('Deleted by people'),
  ahead: z.int().describe('Not over yet'),
});

/** A block that a plan wrote to Google. */
export interface PlacedBlock extends Interval {
  status: 'writing' | 'written' | 'released' | 'declined';
  /** Where the plan put it. */
  planned: Interval;
}

type Outcome = Exclude<keyof z.infer<typeof planKeptSchema>, 'placed'>;

/** Null: Almanac takes the block back, because its task or habit is gone. */
function outcomeOf({ status, start, end, planned }: PlacedBlock, now: number): Outcome | null {
  if (status === 'declined') return 'missed';
  if (status === 'released' && start > now) return null;
  if (start !== planned.start || end !== planned.end) return 'moved';
  return end > now ? 'ahead' : 'kept';
}

/** What became of the blocks of a week. */
export function countBlocks(blocks: readonly PlacedBlock[], now: number): z.infer<typeof planKeptSchema> {
  const counts = { placed: 0, kept: 0, moved: 0, missed: 0, ahead: 0 };
  for (const block of blocks) {
    const outcome = outcomeOf(block, now);
    if (outcome === null) continue;
    counts[outcome] += 1;
    counts.placed += 1;
  }
  return counts;
}
