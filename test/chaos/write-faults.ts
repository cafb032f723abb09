import type { FaultInput } from '../../emulator/admin.ts';
import { CANARY } from './canary.ts';
import type { Dice } from './dice.ts';
import type { ChaosStack } from './stack.ts';
import type { Tally } from './tally.ts';

type Answer = Omit<FaultInput, 'match' | 'times'>;

const METHODS = ['POST', 'PATCH', 'DELETE', 'GET'] as const;
/** A fault that meets no request is over by then. */
const WITHIN_MS = 6_000;
const message = `${CANARY} message`;
const htmlBody = `<html><body>${CANARY} page</body></html>`;

const ANSWERS: readonly { name: string; weight: number; answer: Answer }[] = [
  { name: 'lost: reset', weight: 5, answer: { afterCommit: true, resetConnection: true } },
  { name: 'lost: 503 as HTML', weight: 4, answer: { afterCommit: true, status: 503, htmlBody } },
  { name: 'lost: truncated JSON', weight: 4, answer: { truncateBody: true } },
  { name: 'lost: late', weight: 4, answer: { afterCommit: true, delayMs: 4_000 } },
  { name: 'done late', weight: 5, answer: { delayMs: 4_000 } },
  { name: '500', weight: 2, answer: { status: 500, reason: 'backendError', message } },
  { name: '403 forbidden', weight: 3, answer: { status: 403, reason: 'forbidden', message } },
  { name: '400', weight: 2, answer: { status: 400, reason: 'invalid', message } },
  {
    // It stops the whole account for a while.
    name: '403 rate limit',
    weight: 0.5,
    answer: { status: 403, domain: 'usageLimits', reason: 'rateLimitExceeded', message },
  },
  { name: 'reset', weight: 2, answer: { resetConnection: true } },
];

/** Faulty answers to requests about single events of the writers' calendars. */
export class WriteFaults {
  private readonly stack: ChaosStack;
  private readonly calendars: readonly string[];
  private readonly dice: Dice;
  private readonly tally: Tally;

  constructor(stack: ChaosStack, calendars: readonly string[], dice: Dice, tally: Tally) {
    this.stack = stack;
    this.calendars = calendars;
    this.dice = dice;
    this.tally = tally;
  }

  async strike(): Promise<void> {
    const { name, answer } = this.dice.weighted(ANSWERS);
    const method = this.dice.pick(METHODS);
    await this.stack.google.addFault({
      match: {
        method,
        calendarId: this.dice.pick(this.calendars),
        ...(method === 'GET' && { pathContains: '/events/' }),
      },
      times: 1,
      forMs: WITHIN_MS,
      ...answer,
    });
    this.tally.add(`write ${name}`);
  }
}
