import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { GoogleCallError } from './google-failure.ts';

// How a write is made exactly once, although any answer may be lost and any process may die: the caller records
// its intent, an insert carries an ID of Almanac's own, every other write can be recognised in the event, and
// the outcome is recorded afterwards.

const CONFLICT = 409;
const CHANGED = 412;
const GONE = [404, 410];

/**
 * Attempts of a write: changes that do not concern it (a colour, a reminder) may come between reading and
 * writing.
 */
const TRIES = 5;

const statusOf = (error: unknown) => (error instanceof GoogleCallError ? (error.failure.status ?? 0) : 0);

/** Inserts an event under an ID of our own; where the ID is taken, returns the event that has it. */
export async function insertOrFind<T>(
  insert: () => Promise<T>,
  get: () => Promise<T>,
): Promise<{ event: T; isNew: boolean }> {
  try {
    return { event: await insert(), isNew: true };
  } catch (error) {
    if (statusOf(error) !== CONFLICT) throw error;
  }
  return { event: await get(), isNew: false };
}

/** Reads an event; null where there is none, or it has been deleted. */
export async function getUnlessGone<T>(
  get: () => Promise<T>,
  isCancelled: (event: T) => boolean,
): Promise<T | null> {
  try {
    const event = await get();
    return isCancelled(event) ? null : event;
  } catch (error) {
    if (GONE.includes(statusOf(error))) return null;
    throw error;
  }
}

/**
 * Makes a write against a version of its event. Where the version is not known, or the event has another one,
 * the event is read and judged: either the write is settled, for instance because it was made before, or it is
 * made against the version that was read.
 * @param expected etag of the version; null: it has to be read first
 * @param judge null stands for an event that does not exist
 */
export async function writeAgainst<T, Outcome>(
  expected: string | null,
  write: (etag: string) => Promise<Outcome>,
  read: () => Promise<T | null>,
  judge: (found: T | null) => Promise<{ outcome: Outcome } | { etag: string | null }>,
): Promise<Outcome> {
  let next = expected;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (next !== null) {
      try {
        return await write(next);
      } catch (error) {
        if (![CHANGED, ...GONE].includes(statusOf(error))) throw error;
      }
    }
    const judged = await judge(await read());
    if ('outcome' in judged) return judged.outcome;
    next = judged.etag;
  }
  throw failure(FailureType.googleUnavailable, 'An event keeps changing in Google while it is written.');
}
