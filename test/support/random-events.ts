import * as fc from 'fast-check';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const RESPONSES = ['accepted', 'declined', 'tentative', 'needsAction'];
const TYPES = ['default', 'focusTime', 'outOfOffice', 'workingLocation', 'birthday'];

interface Shape {
  eventType: string | undefined;
  status: string | undefined;
  transparency: string | undefined;
  own: string | undefined;
  guest: string | undefined;
  allDay: boolean;
  /** Hours, or days. */
  from: number;
  length: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  eventType: optional(fc.constantFrom(...TYPES)),
  status: optional(fc.constantFrom('confirmed', 'tentative')),
  transparency: optional(fc.constantFrom('opaque', 'transparent')),
  own: optional(fc.constantFrom(...RESPONSES)),
  guest: optional(fc.constantFrom(...RESPONSES)),
  allDay: fc.boolean(),
  from: fc.nat(23 * 9),
  length: fc.nat(3),
});

function time({ allDay, from, length }: Shape, firstDay: Date) {
  const at = (hours: number) => new Date(firstDay.getTime() + hours * 3_600_000).toISOString();
  if (!allDay) return { start: { dateTime: at(from) }, end: { dateTime: at(from + length) } };
  const day = Math.floor(from / 24);
  const date = (days: number) => ({ date: at(days * 24).slice(0, 10) });
  return { start: date(day), end: date(day + Math.max(length, 1)) };
}

/**
 * Events of every kind that can take up time or not, within ten days, as their owner inserts them: the same
 * for the same seed.
 */
export function randomEvents(owner: string, firstDay: Date, count: number, seed: number) {
  return fc.sample(shape, { numRuns: count, seed }).map((one) => {
    const { eventType, status, transparency, own, guest } = one;
    const attendees = [
      ...(own === undefined ? [] : [{ email: owner, self: true, responseStatus: own }]),
      ...(guest === undefined ? [] : [{ email: 'guest@example.com', responseStatus: guest }]),
    ];
    return {
      ...time(one, firstDay),
      ...(eventType !== undefined && { eventType }),
      ...(status !== undefined && { status }),
      ...(transparency !== undefined && { transparency }),
      ...(attendees.length > 0 && { attendees }),
    };
  });
}
