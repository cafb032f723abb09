import { randomUUID } from 'node:crypto';
import { claimPart } from '../../services/mirror/claim-part.ts';
import { commitPage } from '../../services/mirror/commit-page.ts';
import { sortChanges } from '../../services/mirror/sort-changes.ts';
import { googleEventsPageSchema } from '../../calendar/google-event.ts';
import { type FakeRun, newRun, runActivity } from './run-activity.ts';
import type { SyncStack } from './sync-stack.ts';

export type Item = Record<string, unknown> & { id: string };

/** The version follows from the content, as at Google. */
export function versioned(item: Item): Item {
  return { ...item, etag: `"${JSON.stringify(item)}"` };
}

/** Adds a calendar that Google knows nothing of, for pages that the emulator would not send. */
export async function addCalendar(stack: SyncStack, accountId: string): Promise<string> {
  const calendar = await stack.database.calendar.create({
    data: {
      workspaceId: 'acme',
      accountId,
      googleCalendarId: randomUUID(),
      summary: 'Pages',
      timeZone: 'UTC',
      accessRole: 'owner',
    },
  });
  await stack.database.calendarSyncState.create({ data: { calendarId: calendar.id, workspaceId: 'acme' } });
  return calendar.id;
}

/** Commits pages as one listing, each in its own part; twice if the first listing is not trusted. */
export async function commitPages(
  stack: SyncStack,
  calendarId: string,
  mode: 'full' | 'incremental',
  pages: Item[][],
): Promise<void> {
  const run = newRun();
  let committed = await commitListing(stack, calendarId, mode, pages, run, 0);
  if (committed === 'suspiciously-empty')
    committed = await commitListing(stack, calendarId, mode, pages, run, 1);
  if (committed === 'suspiciously-empty') throw new Error('The second listing was not believed.');
}

async function commitListing(
  stack: SyncStack,
  calendarId: string,
  mode: 'full' | 'incremental',
  pages: Item[][],
  run: FakeRun,
  listing: number,
) {
  let committed: Awaited<ReturnType<typeof commitPage>> | undefined;
  for (const [part, items] of pages.entries()) {
    const { runId } = run;
    const runStartedAt = new Date(run.runStartedAt);
    const fence = { calendarId, runId, runStartedAt, listing, part, attempt: 1 };
    const { bucket } = stack.dependencies.google.quota;
    const claim = await runActivity(() => claimPart(stack.database, 'acme', fence, bucket()), undefined, {
      run,
    });
    committed = await commitPage(stack.database, {
      fence,
      index: 0,
      run: {
        workspaceId: 'acme',
        calendarId,
        correlationId: runId,
        workflowId: 'test',
        mode,
        source: 'manual',
        startedAt: claim!.claimedAt,
      },
      timeZone: 'UTC',
      ...sortChanges(googleEventsPageSchema.parse({ items }), 'UTC'),
      syncToken: part + 1 === pages.length ? `token ${runId}` : null,
      isLast: part + 1 === pages.length,
      tokenExpired: false,
      horizonIsWrong: false,
      staleTimeZone: null,
      hasUnreadable: claim!.hasUnreadable,
      hasToken: false,
      tokenExpiries: 0,
      confirmEmpty: listing > 0,
      poll: { ...stack.dependencies.poll, stretch: { quiet: 0, busy: 0 } },
    });
  }
  return committed;
}
