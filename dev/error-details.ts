/** Code that Node gives an operating-system error, such as `ENOENT`; undefined for other errors. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The stderr output of a program that failed; the error itself if the program never ran. */
export function programErrors(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return text || String(error);
}

/** The reason why a request failed, which `fetch` puts in the error's cause. */
export function networkError(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return cause.message || String(errorCode(cause));
  return error instanceof Error ? error.message : String(error);
}
