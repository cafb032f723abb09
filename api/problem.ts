import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { STALE_REASONS } from '../contracts/stale-reasons.ts';
import { type DatabaseFailureKind, databaseFailureKind, isDatabaseOutage } from '../prisma/failure-kind.ts';
import {
  ChangedMeanwhileError,
  DomainError,
  ErrorCode,
  type StaleCalendar,
  StaleMirrorError,
} from '../services/errors.ts';
import { isTemporalAway } from '../services/failure-kinds.ts';
import { remedyOfRule } from '../services/input.ts';
import { failureType, instant } from '../services/shapes.ts';
import { isRepeatable } from './known-parameters.ts';
import { withRoute } from './remedies.ts';

/** Body of every refusal and failure: problem details of RFC 9457. */
export const problemSchema = z.object({
  type: z.string().describe('Type of the problem, for programs; stable'),
  title: z.string().describe('Type of the problem, for people'),
  status: z.int().describe('HTTP status'),
  detail: z.string().describe('What is wrong, what is allowed, and which route corrects it'),
  field: z.string().optional().describe('Malformed field, parameter or header'),
  stale: z
    .array(
      z.object({
        workspaceId: z.string(),
        calendarId: z
          .string()
          .optional()
          .describe("Absent for another workspace's calendars, which are one entry together"),
        provenAt: instant.nullable().describe('Since then it may differ from Google. Null: never read'),
        reason: z.enum(STALE_REASONS),
        lastError: failureType,
      }),
    )
    .optional()
    .describe('With `stale-mirror`: the calendars that are not recent enough'),
  etag: z.string().optional().describe('With `changed-meanwhile`: the version that the event has'),
  correlationId: z.string().describe('ID of the request in logs'),
});

interface Problem {
  status: number;
  type: string;
  detail: string;
  field?: string;
  stale?: readonly StaleCalendar[];
  etag?: string;
  /** Whether the same request may succeed soon; always true for a 503. */
  tryAgain?: boolean;
}

const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';
const RETRY_AFTER_SECONDS = 5;

const TITLES: Record<string, string> = {
  'invalid-input': 'The request is malformed',
  unauthenticated: 'No valid key',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  'changed-meanwhile': 'The event has changed',
  conflict: 'In conflict with the present state',
  'quota-exceeded': 'The quota of the workspace is used up',
  'idempotency-key-reused': 'The Idempotency-Key was used for another request',
  'cursor-expired': 'The cursor is too old',
  'too-large': 'The body is too large',
  'unsupported-media-type': 'The body is not JSON',
  'range-not-satisfiable': 'No bytes at that place',
  'rate-limited': 'Too many requests',
  'connection-refused': 'The account was not connected',
  'run-failed': 'The run has failed',
  'stale-mirror': 'The mirror is not recent enough',
  'not-configured': 'Not configured in this installation',
  'client-gone': 'The client has closed its connection',
  'console-not-built': 'The console is not built',
  unavailable: 'A service that Almanac depends on does not answer',
  unexpected: 'Unexpected failure',
  'workspace-paused': 'The workspace is paused',
  'write-failed': 'Google was not reached in time',
  'write-refused': 'The write is not permitted',
};

interface Answer extends Omit<Problem, 'detail' | 'field'> {
  /** Default: the error's message. */
  detail?: string;
}

const INPUT = 'invalid-input';
const REFUSED = 'connection-refused';
/** Replaces the error's message, which names an internal address. */
const TEMPORAL_AWAY = unavailable('Temporal');

const ANSWERS: Record<ErrorCode, Answer> = {
  [ErrorCode.alreadyExists]: { status: 409, type: 'conflict' },
  [ErrorCode.busy]: { status: 409, type: 'conflict', tryAgain: true },
  [ErrorCode.changedMeanwhile]: { status: 412, type: 'changed-meanwhile' },
  [ErrorCode.clientGone]: { status: 499, type: 'client-gone' },
  [ErrorCode.connectionFailed]: { status: 503, type: REFUSED },
  [ErrorCode.connectionRefused]: { status: 400, type: REFUSED },
  [ErrorCode.cursorExpired]: { status: 410, type: 'cursor-expired' },
  [ErrorCode.momentNotKept]: { status: 410, type: 'moment-not-kept' },
  [ErrorCode.forbidden]: { status: 403, type: 'forbidden' },
  [ErrorCode.invalidInput]: { status: 400, type: INPUT },
  [ErrorCode.keyReused]: { status: 422, type: 'idempotency-key-reused' },
  [ErrorCode.namespaceSetup]: TEMPORAL_AWAY,
  [ErrorCode.notConfigured]: { status: 501, type: 'not-configured' },
  [ErrorCode.notFound]: { status: 404, type: 'not-found' },
  [ErrorCode.quotaExceeded]: { status: 409, type: 'quota-exceeded' },
  [ErrorCode.rateLimited]: { status: 429, type: 'rate-limited', tryAgain: true },
  [ErrorCode.requiredInput]: { status: 422, type: INPUT },
  [ErrorCode.runFailed]: { status: 500, type: 'run-failed' },
  [ErrorCode.staleMirror]: { status: 409, type: 'stale-mirror', tryAgain: true },
  [ErrorCode.unauthenticated]: { status: 401, type: 'unauthenticated' },
  [ErrorCode.unreachable]: TEMPORAL_AWAY,
  [ErrorCode.workspaceNotFound]: { status: 404, type: 'not-found' },
  [ErrorCode.workspacePaused]: { status: 409, type: 'workspace-paused' },
  // Not 503, which a client repeats: the write may have been made.
  [ErrorCode.writeFailed]: { status: 502, type: 'write-failed' },
  [ErrorCode.writeRefused]: { status: 422, type: 'write-refused' },
};

function fromDomainError(error: DomainError, workspaceId: string | undefined): Problem {
  const { code, field } = error;
  return {
    detail: withRoute(error, workspaceId),
    ...(field !== undefined && { field }),
    ...(error instanceof StaleMirrorError && { stale: error.calendars }),
    ...(error instanceof ChangedMeanwhileError && error.etag !== null && { etag: error.etag }),
    ...ANSWERS[code],
  };
}

function unavailable(what: string): Problem {
  return { status: 503, type: 'unavailable', detail: `${what} does not answer at the moment: try again.` };
}

function fromPostgres(kind: DatabaseFailureKind | undefined): Problem | undefined {
  switch (kind) {
    case 'read-only':
      return { ...unavailable('Postgres'), detail: 'Postgres accepts no writes at the moment: try again.' };
    case 'canceled':
      return {
        ...unavailable('Postgres'),
        detail: 'Postgres took too long: try again, or request less at a time.',
      };
    default:
      return isDatabaseOutage(kind) ? unavailable('Postgres') : undefined;
  }
}

/** Problems for the errors of Fastify itself. */
function fromFastify({ code, statusCode = 500 }: FastifyError): Problem | undefined {
  if (statusCode === 413) {
    return { status: 413, type: 'too-large', detail: 'The body has more bytes than the route accepts.' };
  }
  if (statusCode === 415) {
    return {
      status: 415,
      type: 'unsupported-media-type',
      detail: 'The body must be JSON, with `Content-Type: application/json`.',
    };
  }
  if (statusCode === 416) {
    return {
      status: 416,
      type: 'range-not-satisfiable',
      detail: 'The range begins after the last byte: `content-range` has the number of bytes.',
    };
  }
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return { status: 400, type: INPUT, detail: 'The body must not be empty.', field: 'body' };
  }
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') {
    return { status: 400, type: INPUT, detail: 'The body must be JSON.', field: 'body' };
  }
  if (statusCode >= 400 && statusCode < 500) {
    return { status: 400, type: INPUT, detail: 'The request is not well-formed.' };
  }
  return undefined;
}

/** The unknown field that a schema refused; undefined if its name is not safe to repeat. */
function unknownField({ keys }: { keys?: unknown } = {}): string | undefined {
  const [key] = Array.isArray(keys) ? keys : [];
  return isRepeatable(key) ? key : undefined;
}

/** The problem for an error. Never repeats text that may be unsafe. */
function toProblem(error: FastifyError, workspaceId: string | undefined): Problem {
  if (error instanceof DomainError) return fromDomainError(error, workspaceId);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const path = [issue?.instancePath.slice(1).replaceAll('/', '.'), unknownField(issue?.params)];
    const field = path.filter(Boolean).join('.') || (error.validationContext ?? 'body');
    const rule = issue?.message ?? 'is malformed';
    const wrong = { message: `${field} ${rule}.`, remedy: remedyOfRule(rule) };
    return { status: 400, type: INPUT, detail: withRoute(wrong, workspaceId), field };
  }
  const postgres = fromPostgres(databaseFailureKind(error));
  if (postgres) return postgres;
  if (isTemporalAway(error)) return unavailable('Temporal');
  return (
    fromFastify(error) ?? {
      status: 500,
      type: 'unexpected',
      detail: 'The service failed: report the correlation ID to the operator.',
    }
  );
}

/** Answers with a problem. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, type, tryAgain = status === 503, ...details }: Problem,
): void {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  // The rate limit sets its own Retry-After, from the end of its window.
  if (tryAgain && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS);
  const body = { type, title: TITLES[type] ?? type, status, ...details, correlationId: request.id };
  void reply.code(status).type(PROBLEM_MEDIA_TYPE).serializer(JSON.stringify).send(body);
}

/** Turns every error of a request into a problem. No other code does. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { workspaceId } = (request.params ?? {}) as { workspaceId?: string };
  const problem = toProblem(error, workspaceId);
  if (problem.status === 416) reply.headers((error as { headers?: Record<string, string> }).headers ?? {});
  if (problem.status >= 500) {
    // The message may quote a row or a token.
    const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
    request.log.error({ errorName: error.name, errorCode: error.code, frames }, 'Request failed');
  }
  sendProblem(request, reply, problem);
}

/** Answers an unknown path with 404, and a wrong method with 405. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const methods = request.server.methodsOf(request.url.split('?', 1)[0] ?? '');
  // A plugin serves its files under a wildcard route; a file missing there is a 404.
  if (methods.length > 0 && !methods.includes(request.method)) {
    void reply.header('allow', methods.join(', '));
    const detail = `The path accepts ${methods.join(', ')}.`;
    sendProblem(request, reply, { status: 405, type: 'method-not-allowed', detail });
    return;
  }
  sendProblem(request, reply, {
    status: 404,
    type: 'not-found',
    detail: 'There is no such path. `/docs` lists the existing ones.',
  });
}
