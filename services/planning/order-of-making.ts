import { z } from 'zod';
import { positionInstant } from '../shapes.ts';

/** Position in a list in the order of creation. */
export const madeSchema = z.object({ createdAt: positionInstant, id: z.guid().toLowerCase() });
export type Made = z.infer<typeof madeSchema>;

export const IN_ORDER_OF_MAKING = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

/** Condition for the rows after a position. */
export function madeAfter(after: Made | undefined) {
  if (after === undefined) return {};
  const createdAt = new Date(after.createdAt);
  return { createdAt: { gte: createdAt }, OR: [{ createdAt: { gt: createdAt } }, { id: { gt: after.id } }] };
}

export function madeOf({ createdAt, id }: { createdAt: Date; id: string }): Made {
  return { createdAt: createdAt.toISOString(), id };
}
