/** What Node puts on an error of the operating system, such as `ENOENT`. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What a program that failed has written to stderr; the error itself where it did not come to that. */
export function programErrors(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return text || String(error);
}
