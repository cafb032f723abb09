import { z } from 'zod';

const grpcErrorSchema = z.object({ code: z.int(), details: z.string() });

/** gRPC status codes. */
export const GrpcStatus = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  aborted: 10,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const TEMPORAL_AWAY: number[] = [
  GrpcStatus.cancelled,
  GrpcStatus.deadlineExceeded,
  GrpcStatus.permissionDenied,
  GrpcStatus.resourceExhausted,
  GrpcStatus.aborted,
  GrpcStatus.unavailable,
  GrpcStatus.unauthenticated,
];
/** A run that has reached its limit of signals refuses the next one as an invalid argument. */
const SIGNALS_EXCEEDED = /exceeded workflow execution limit for signal/i;

/** Whether Temporal is temporarily unavailable: the same call may succeed a little later. */
export function isTemporalAway(error: unknown): boolean {
  const failure = grpcFailure(error);
  if (failure === undefined) return false;
  if (failure.code === GrpcStatus.invalidArgument) return SIGNALS_EXCEEDED.test(failure.details);
  return TEMPORAL_AWAY.includes(failure.code);
}

/** Answer of Temporal's server; undefined where the error came from elsewhere. */
export function grpcFailure(error: unknown): { code: number; details: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  return grpcErrorSchema.safeParse(error.cause ?? error).data;
}
