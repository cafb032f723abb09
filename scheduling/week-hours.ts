import { z } from 'zod';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A local time of day. */
export const clock = z
  .string({ error: 'must be a time such as 07:30' })
  .regex(CLOCK, { error: 'must be a time such as 07:30' });
const clockEnd = z
  .string({ error: 'must be a time such as 17:00, 24:00 at the latest' })
  .refine((value) => value === '24:00' || CLOCK.test(value), {
    error: 'must be a time such as 17:00, 24:00 at the latest',
  });

const hoursBlock = z.tuple([clock, clockEnd], { error: 'must be [start, end] in local time' });
const weekday = z.enum(WEEKDAYS, { error: `must be one of ${WEEKDAYS.join(', ')}` });

/** Blocks of local time by weekday. */
export const weekHoursSchema = z.partialRecord(weekday, z.array(hoursBlock, { error: 'must be a list' }), {
  error: `must hold weekdays (${WEEKDAYS.join(', ')}) and their blocks of local time`,
});
export type WeekHours = z.infer<typeof weekHoursSchema>;
