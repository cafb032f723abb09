import type { Transaction } from '../../prisma/client.ts';

/** Span in which busy times of a calendar have changed. */
export interface BusySpan {
  from: Date;
  to: Date;
}

/** Span that has both. Null: none. */
export function joinSpans(one: BusySpan | null, other: BusySpan | null): BusySpan | null {
  if (one === null || other === null) return one ?? other;
  return { from: one.from < other.from ? one.from : other.from, to: one.to > other.to ? one.to : other.to };
}

/** Appends the change of a calendar's busy times to the workspace's own log. */
export async function noteBusySpan(
  transaction: Transaction,
  { workspaceId, calendarId }: { workspaceId: string; calendarId: string },
  span: BusySpan | null,
): Promise<void> {
  if (span === null) return;
  const data = { calendarId, from: span.from.toISOString(), to: span.to.toISOString() };
  await transaction.$executeRaw`
    select append_workspace_change(${workspaceId}, 'availability.changed', ${JSON.stringify(data)}::jsonb)`;
}
