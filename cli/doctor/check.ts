/** What one check found, and how to mend it where something is wrong. */
export interface Finding {
  check: string;
  /** `skipped`: an earlier check failed that this one stands on. */
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  message: string;
  mend?: string;
}

/** Turns what a check throws into a sentence. */
export type Explain = (error: unknown) => string;

type Outcome = Omit<Finding, 'check'>;

/** One thing to examine. */
export interface Check {
  name: string;
  run: () => Promise<Outcome>;
}

export const ok = (message: string): Outcome => ({ state: 'ok', message });
export const warn = (message: string, mend: string): Outcome => ({ state: 'warn', message, mend });
export const fail = (message: string, mend: string): Outcome => ({ state: 'fail', message, mend });

/** Runs `first`, then the checks that stand on it, unless it failed. */
export async function runInOrder(first: Check, rest: readonly Check[], explain: Explain): Promise<Finding[]> {
  const run = async (check: Check): Promise<Finding> => {
    try {
      return { check: check.name, ...(await check.run()) };
    } catch (error) {
      return { check: check.name, state: 'fail', message: explain(error) };
    }
  };
  const finding = await run(first);
  if (finding.state !== 'fail') return [finding, ...(await Promise.all(rest.map(run)))];
  const message = `not checked, for ${first.name} failed`;
  return [finding, ...rest.map(({ name }): Finding => ({ check: name, state: 'skipped', message }))];
}
