import { z } from 'zod';

export const uuid = (what: string) =>
  z.guid(`must be the UUID of ${what}`).toLowerCase().describe(`UUID of ${what}`);

export const instant = z.string().describe('An instant, such as 2026-01-05T09:00:00.000Z');

/** Instant of a list position: in milliseconds, and not in year 0, which Postgres does not know. */
export const positionInstant = z.iso.datetime({ precision: 3 }).refine((text) => !text.startsWith('0000'));

/** A failure type, also one of an earlier release. */
export const failureType = z.string().optional().describe('A failure type');
