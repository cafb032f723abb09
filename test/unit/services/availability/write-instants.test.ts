import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatInstant } from '../../../../contracts/instants.ts';
import { createInstantWriter } from '../../../../services/availability/write-instants.ts';

const FIRST = Date.parse('1971-01-01T00:00:00Z');
const LAST = Date.parse('9998-12-31T23:59:59Z');

it('writes instants as everything else does, whatever the one before was', () => {
  const instant = fc
    .tuple(fc.integer({ min: FIRST, max: LAST }), fc.constantFrom(1, 1_000, 60_000, 86_400_000))
    .map(([ms, unit]) => ms - (ms % unit));
  fc.assert(
    fc.property(fc.array(instant, { maxLength: 20 }), (instants) => {
      const write = createInstantWriter();
      for (const one of instants) expect(write(one)).toBe(formatInstant(one));
    }),
  );
});
