/** Thrown when an option of the emulator cannot be used. Nothing was started. */
export class EmulatorOptionError extends Error {
  override readonly name = 'EmulatorOptionError';
  /** Name of the option in `EmulatorOptions`, such as `stateFile`. */
  readonly option: string;
  /** Allowed values, as "must be …". */
  readonly rule: string;

  constructor(option: string, rule: string, options?: ErrorOptions) {
    super(`${option} ${rule}.`, options);
    this.option = option;
    this.rule = rule;
  }
}

/** Attributes a failure of `work` to an option. */
export async function following<T>(option: string, rule: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new EmulatorOptionError(option, rule, { cause });
  }
}
