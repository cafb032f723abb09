/** An option of the emulator cannot be followed. Nothing was started. Give another one. */
export class EmulatorOptionError extends Error {
  override readonly name = 'EmulatorOptionError';
  /** As in `EmulatorOptions`: `stateFile`. */
  readonly option: string;
  /** What is allowed. */
  readonly rule: string;

  constructor(option: string, rule: string, options?: ErrorOptions) {
    super(`${option} ${rule}.`, options);
    this.option = option;
    this.rule = rule;
  }
}

/** Puts a failure of `work` down to the option that it follows. */
export async function following<T>(option: string, rule: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new EmulatorOptionError(option, rule, { cause });
  }
}
