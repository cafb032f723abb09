export const ExitCode = {
  ok: 0,
  /** The command is valid, but failed. */
  failed: 1,
  /** Invalid arguments or configuration; nothing was started or changed. */
  usage: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
