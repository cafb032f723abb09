/** Position in a list ordered by creation. */
export interface Made {
  /** Time of creation, to the millisecond, as in the database. */
  createdAt: string;
  id: string;
}

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
