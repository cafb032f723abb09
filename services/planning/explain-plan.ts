import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { type Plan, planSchema, renderPlacement, renderUnscheduled } from '../../scheduling/index.ts';
import { readTitles } from './read-titles.ts';

const title = z.string().describe('Of the task or habit');
const sentence = z.string().describe('The reason in words');
const { blocks, unscheduled } = planSchema.shape;

/** A plan in words: each block, and what is not placed, with a title and the reason as a sentence. */
export const explainedPlanSchema = planSchema.extend({
  blocks: z.array(blocks.element.extend({ title, sentence })).describe('Sorted by start'),
  unscheduled: z.array(unscheduled.element.extend({ title, sentence })),
});

export async function explainPlan(
  database: Database,
  workspaceId: string,
  plan: Plan,
): Promise<z.infer<typeof explainedPlanSchema>> {
  const [{ timeZone }, titles] = await Promise.all([
    database.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { timeZone: true } }),
    readTitles(database, [...plan.blocks, ...plan.unscheduled]),
  ]);
  const nameOf = (refId: string) => titles.get(refId) ?? 'something that was removed';
  const words = { timeZone, nameOf };
  return {
    ...plan,
    blocks: plan.blocks.map((block) => ({
      ...block,
      title: nameOf(block.refId),
      sentence: renderPlacement(block.reason, words),
    })),
    unscheduled: plan.unscheduled.map((item) => ({
      ...item,
      title: nameOf(item.refId),
      sentence: renderUnscheduled(item.reason, words),
    })),
  };
}
