export const ExitCode = {
  ok: 0,
  /** The command was understood and did not succeed. */
  failed: 1,
  /** Wrong arguments or configuration: nothing was started or changed. */
  usage: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
