import { z } from 'zod';
import { PREFERENCES } from '../../calendar/availability/availability-query.ts';
import { proofSchema } from '../reading/proof.ts';
import { instant, uuid } from '../shapes.ts';
import { gapSchema } from './gap-codes.ts';

const intervalSchema = z.object({ start: instant, end: instant.describe('Exclusive') });
const blockId = uuid('the block');

const slotSchema = intervalSchema.extend({
  workspaceIds: z.array(z.string()).describe('Who can come'),
  movable: z
    .array(z.object({ workspaceId: z.string(), blockId }))
    .describe('Blocks that have to move for it'),
  score: z.number().describe('From 0 to 1: the weighted mean of `reason.values`'),
  reason: z.object({
    code: z.enum(PREFERENCES).describe('The preference in which it is ahead of the next slot'),
    values: z.partialRecord(z.enum(PREFERENCES), z.number()).describe('How well it meets each, from 0 to 1'),
  }),
});

/** Who is busy when, and slots if they were asked for. */
export const availabilitySchema = z.object({
  timeZone: z.string().describe('Zone of the dates in the question'),
  people: z
    .array(
      z.object({
        workspaceId: z.string(),
        busy: z.array(intervalSchema).describe('Merged, in order'),
        movable: z
          .array(intervalSchema.extend({ blockId }))
          .optional()
          .describe('Blocks that are free because they can move; with `movable: ask` only'),
      }),
    )
    .describe('In the order of the question'),
  slots: z.array(slotSchema).optional().describe('Best first'),
  slotsFound: z.int().optional().describe('Number of starts that would do, of which `slots` are the best'),
  proof: proofSchema,
  gaps: z
    .array(gapSchema)
    .describe('What the answer cannot know: time there may be taken although it is shown as free'),
});
export type Availability = z.infer<typeof availabilitySchema>;
