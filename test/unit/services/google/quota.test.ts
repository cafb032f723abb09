import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaBucket } from '../../../../services/google/quota.ts';
import { PriorityKey } from '../../../../contracts/priorities.ts';

/** Requests let through in the worst `windowMs` for Google, under constant demand. */
function mostAdmitted({ emissionMs, toleranceMs }: ReturnType<typeof quotaBucket>, windowMs: number): number {
  const rounding = 1e-9;
  return Math.floor((windowMs + toleranceMs) / emissionMs + rounding) + 1;
}

describe("an account's bucket", () => {
  it('lets no more through in any minute than the quota', () => {
    const lanes = constantFrom(...Object.values(PriorityKey));
    assert(
      property(integer({ min: 10, max: 600_000 }), lanes, (quota, lane) => {
        expect(mostAdmitted(quotaBucket(quota, lane), 60_000)).toBeLessThanOrEqual(quota);
      }),
    );
  });

  it('is used up to nine tenths at least', () => {
    expect(mostAdmitted(quotaBucket(600, PriorityKey.interactive), 60_000)).toBeGreaterThanOrEqual(600);
    expect(mostAdmitted(quotaBucket(600, PriorityKey.sweep), 60_000)).toBeGreaterThanOrEqual(540);
  });

  it('leaves a part of the burst to the lanes before', () => {
    const burst = (lane: number) => mostAdmitted(quotaBucket(600, lane), 0);
    expect([PriorityKey.interactive, PriorityKey.tick, PriorityKey.sweep].map(burst)).toEqual([60, 45, 30]);
  });
});
