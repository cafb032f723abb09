/** Where a list in the order of making has come to. */
export interface Made {
  /** To the millisecond, as the database has it. */
  createdAt: string;
  id: string;
}

export const IN_ORDER_OF_MAKING = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

/** What comes behind a position. */
export function madeAfter(after: Made | undefined) {
  if (after === undefined) return {};
  const createdAt = new Date(after.createdAt);
  return { createdAt: { gte: createdAt }, OR: [{ createdAt: { gt: createdAt } }, { id: { gt: after.id } }] };
}

export function madeOf({ createdAt, id }: { createdAt: Date; id: string }): Made {
  return { createdAt: createdAt.toISOString(), id };
}
