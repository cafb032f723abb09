import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CASES } from './error-cases.ts';
import { RESOURCE_CASES } from './resource-cases.ts';
import { SYNC_CASES } from './sync-cases.ts';
import { openTarget, type Target } from './target.ts';

const CASES = [...SYNC_CASES, ...ERROR_CASES, ...RESOURCE_CASES];

describe('what Google documents', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  for (const { name, source, ask, expected, emulatorOnly } of CASES)
    it(`${name} (${source})`, async (context) => {
      if (emulatorOnly && target.admin === undefined) context.skip('Google cannot be asked for it');
      const { error } = expected.safeParse(await ask(target));
      expect(error?.message).toBeUndefined();
    });
});

describe('the answers that Google’s pages print', () => {
  const printed = CASES.filter(({ documented }) => documented !== undefined);

  it.each(printed)('are what the suite expects: $name', ({ expected, documented }) => {
    expect(expected.safeParse(documented).error?.message).toBeUndefined();
  });

  it('are told from others', () => {
    for (const { expected, documented } of printed) {
      const others = CASES.filter((one) => one.documented && one.documented !== documented);
      expect(others.some((one) => expected.safeParse(one.documented).success)).toBe(false);
    }
  });
});
