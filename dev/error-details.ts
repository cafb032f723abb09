/** What Node puts on an error of the operating system, such as `ENOENT`. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What a program that failed has written to stderr; the error itself where it did not come to that. */
export function programErrors(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return text || String(error);
}

/** Why a request did not come about: `fetch` hides that in the cause. */
export function networkError(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return cause.message || String(errorCode(cause));
  return error instanceof Error ? error.message : String(error);
}
