import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { instantToWall, wallToInstant } from '../../../calendar/time-zone.ts';
import { propertyRuns } from './fixtures.ts';

const zone = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Tokyo',
);
const instant = fc.integer({
  min: Date.parse('1900-01-01T00:00:00Z') / 1000,
  max: Date.parse('2060-01-01T00:00:00Z') / 1000,
});

it('agrees with Temporal on every wall clock, skipped and repeated hours included', () => {
  const nearTransition = fc
    .tuple(zone, instant, fc.integer({ min: -90_000, max: 90_000 }))
    .map(([name, seconds, away]) => {
      const next = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
        .toZonedDateTimeISO(name)
        .getTimeZoneTransition('next');
      return [name, (next ? next.epochMilliseconds / 1000 : seconds) + away] as const;
    });
  fc.assert(
    fc.property(fc.oneof(fc.tuple(zone, instant), nearTransition), ([name, seconds]) => {
      const ms = Math.trunc(seconds) * 1000;
      const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(name);
      expect(instantToWall(name, ms)).toBe(ms + Math.round(at.offsetNanoseconds / 1e6));
      const asIfWall = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC').toPlainDateTime();
      expect(wallToInstant(name, ms)).toBe(asIfWall.toZonedDateTime(name).epochMilliseconds);
    }),
    { numRuns: propertyRuns(2_000) },
  );
});
