/** Result of one check, with a remedy if it found a problem. */
export interface Finding {
  check: string;
  /** `skipped`: a check that this one depends on failed. */
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  message: string;
  mend?: string;
}

/** Turns a check's error into a sentence. */
export type Explain = (error: unknown) => string;

type Outcome = Omit<Finding, 'check'>;

/** One check of the installation. */
export interface Check {
  name: string;
  run: () => Promise<Outcome>;
}

export const ok = (message: string): Outcome => ({ state: 'ok', message });
export const warn = (message: string, mend: string): Outcome => ({ state: 'warn', message, mend });
export const fail = (message: string, mend: string): Outcome => ({ state: 'fail', message, mend });

/** Runs `first` and, unless it failed, the checks that depend on it. */
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
  const message = `not checked, because ${first.name} failed`;
  return [finding, ...rest.map(({ name }): Finding => ({ check: name, state: 'skipped', message }))];
}
