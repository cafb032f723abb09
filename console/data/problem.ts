import type { Problem } from './types.ts';

/** An answer of the API that is not a success, or none at all. `message` is a sentence with the remedy. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  /** HTTP status; 0 where the API did not answer. */
  readonly status: number;
  /** Malformed field of the request. */
  readonly field: string | undefined;
  /** ID of the request in logs. */
  readonly correlationId: string | undefined;

  constructor(status: number, detail: string, { field, correlationId }: Partial<Problem> = {}) {
    super(detail);
    this.status = status;
    this.field = field;
    this.correlationId = correlationId;
  }
}

const NO_ANSWER = 'Almanac does not answer. It is asked again every few seconds.';

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(0, NO_ANSWER);
}
