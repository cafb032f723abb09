import { ApplicationFailure, sleep } from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import { PriorityKey } from '../contracts/priorities.ts';
import type { VerificationOutcome } from '../contracts/verification.ts';
import type {
  CompareEventsPageResult,
  FinishVerificationResult,
} from '../contracts/verification-activities.ts';
import { googleVerification as google, verification as database } from './activities.ts';

/** Most listings when page tokens keep expiring or sync tokens keep being replaced. */
const MOST_LISTINGS = 5;
/** Delay before the second listing, when the first lacks many stored events. */
const SECOND_LOOK_AFTER = '10 seconds';
/** Most reads of the increment while a sync keeps writing, with pauses of 1, 2, 4, … seconds. */
const MOST_LOOKS_AT_INCREMENT = 8;

interface CalendarTask {
  workspaceId: string;
  calendarId: string;
  repair: boolean;
  correlationId: string;
}

interface CalendarFindings extends FinishVerificationResult {
  outcome: VerificationOutcome;
  events: number;
  pages: number;
}

type Listed = Exclude<CompareEventsPageResult, { outcome: 'more' | 'done' }>['outcome'] | 'equal' | 'differs';

/**
 * Compares one calendar with Google: the events with a full listing, the occurrences with the stored events.
 * If an event differs, it also lists the increment since the mirror's token: changes in it are pending, which
 * is no drift. Postgres stores everything that grows with the calendar; the workflow holds only page tokens
 * and counts.
 */
export class CalendarVerifier {
  events = 0;
  pages = 0;
  private readonly task: CalendarTask;
  private readonly options: { summary: string; priority: { priorityKey: number; fairnessKey: string } };
  private steps = 0;

  constructor(task: CalendarTask) {
    this.task = task;
    this.options = {
      summary: task.calendarId,
      priority: { priorityKey: PriorityKey.sweep, fairnessKey: task.workspaceId },
    };
  }

  async verify(): Promise<CalendarFindings | VerificationOutcome> {
    const outcome = await this.compare();
    if (outcome === 'not-synced' || outcome === 'not-syncable') return outcome;
    const found = await database.finishVerification.executeWithOptions(this.options, [
      { ...this.nextStep(), conclusive: outcome === 'compared' },
    ]);
    await database.forgetVerification.executeWithOptions(this.options, [this.nextStep()]);
    return { ...found, outcome, events: this.events, pages: this.pages };
  }

  private nextStep() {
    const { workspaceId, calendarId } = this.task;
    this.steps += 1;
    return { workspaceId, calendarId, step: this.steps - 1 };
  }

  private async compare(): Promise<VerificationOutcome> {
    let confirmEmpty = false;
    for (let listing = 0; listing < MOST_LISTINGS; listing += 1) {
      const listed = await this.list(confirmEmpty);
      if (listed === 'not-synced' || listed === 'not-syncable') return listed;
      if (listed === 'suspiciously-empty') {
        confirmEmpty = true;
        await sleep(SECOND_LOOK_AFTER, { summary: `${this.task.calendarId} is listed again` });
      } else if (listed !== 'page-token-expired') {
        const anyDiffers = await this.compareOccurrences();
        if (!anyDiffers) return 'compared';
        const settled = await this.settle(listed === 'differs');
        if (settled !== 'sync-token-replaced') return settled;
      }
    }
    throw ApplicationFailure.nonRetryable(
      `${MOST_LISTINGS} listings began and none could be finished.`,
      FailureType.googleUnavailable,
    );
  }

  private async list(confirmEmpty: boolean): Promise<Listed> {
    this.events = 0;
    let pageToken: string | null = null;
    for (let page = 0; ; page += 1) {
      const result: CompareEventsPageResult = await google.compareEventsPage.executeWithOptions(
        this.options,
        [{ ...this.nextStep(), page, pageToken, confirmEmpty }],
      );
      if (result.outcome !== 'more' && result.outcome !== 'done') return result.outcome;
      this.pages += 1;
      this.events += result.events;
      if (result.outcome === 'done') return result.differs ? 'differs' : 'equal';
      pageToken = result.nextPageToken;
    }
  }

  private async compareOccurrences(): Promise<boolean> {
    let afterSourceId: string | null = null;
    for (;;) {
      const compared: Awaited<ReturnType<typeof database.compareOccurrences>> =
        await database.compareOccurrences.executeWithOptions(this.options, [
          { ...this.nextStep(), afterSourceId },
        ]);
      if (compared.nextSourceId === null) return compared.differs;
      afterSourceId = compared.nextSourceId;
    }
  }

  private async settle(eventsDiffer: boolean): Promise<VerificationOutcome | 'sync-token-replaced'> {
    for (let look = 0; look < MOST_LOOKS_AT_INCREMENT; look += 1) {
      if (look > 0)
        await sleep(2 ** (look - 1) * 1_000, { summary: `${this.task.calendarId}: a sync is writing` });
      const increment = eventsDiffer ? await this.setPendingAside() : 'done';
      if (increment === 'sync-token-expired' || increment === 'sync-token-replaced') return increment;
      if (increment === 'done' && (await this.settleDifferences())) return 'compared';
    }
    return 'unsettled';
  }

  private async setPendingAside(): Promise<
    'done' | 'page-token-expired' | 'sync-token-expired' | 'sync-token-replaced'
  > {
    let pageToken: string | null = null;
    for (;;) {
      const result: Awaited<ReturnType<typeof google.setPendingAside>> =
        await google.setPendingAside.executeWithOptions(this.options, [{ ...this.nextStep(), pageToken }]);
      if (result.outcome === 'sync-token-expired') {
        return result.replaced ? 'sync-token-replaced' : 'sync-token-expired';
      }
      if (result.outcome !== 'more') return result.outcome;
      pageToken = result.nextPageToken;
    }
  }

  /** False when a sync has written in the meantime. */
  private async settleDifferences(): Promise<boolean> {
    const { repair, correlationId } = this.task;
    for (;;) {
      const result = await database.settleDifferences.executeWithOptions(this.options, [
        { ...this.nextStep(), repair, correlationId },
      ]);
      if (result !== 'more') return result === 'done';
    }
  }
}
