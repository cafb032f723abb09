import type { ScopeRefusal } from '../oauth/scopes.ts';

/** One entry of Google's `errors` array. */
interface ErrorDetail {
  domain: string;
  reason: string;
  message: string;
  locationType?: 'parameter' | 'header';
  location?: string;
}

/** Thrown anywhere below a route; answered in Google's error envelope. */
export class GoogleError extends Error {
  readonly status: number;
  readonly detail: ErrorDetail;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, detail: ErrorDetail, retryAfterSeconds?: number) {
    super(detail.message);
    this.name = 'GoogleError';
    this.status = status;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The body that Google sends. */
  envelope(): unknown {
    return errorEnvelope(this.status, this.detail);
  }

  /** Value of `WWW-Authenticate`, with the answers that have it. */
  get challenge(): string | undefined {
    return this.status === 401 ? challenge('invalid_token') : undefined;
  }
}

const challenge = (error: string) => `Bearer realm="https://accounts.google.com/", error="${error}"`;

/** 403 for a token whose scopes do not allow a method. */
export class InsufficientScopesError extends GoogleError {
  private readonly refusal: ScopeRefusal;

  constructor(refusal: ScopeRefusal) {
    const message = 'Insufficient Permission';
    super(403, { domain: 'global', reason: 'insufficientPermissions', message });
    this.name = 'InsufficientScopesError';
    this.refusal = refusal;
  }

  override envelope() {
    return {
      error: {
        errors: [this.detail],
        code: this.status,
        message: 'Request had insufficient authentication scopes.',
        status: 'PERMISSION_DENIED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
            domain: 'googleapis.com',
            metadata: {
              service: 'calendar-json.googleapis.com',
              method: `calendar.v3.${this.refusal.name}`,
            },
          },
        ],
      },
    };
  }

  override get challenge(): string {
    return `${challenge('insufficient_scope')}, scope="${this.refusal.sufficient.join(' ')}"`;
  }
}

/** The body Google sends with an error. */
export function errorEnvelope(status: number, detail: ErrorDetail) {
  return { error: { errors: [detail], code: status, message: detail.message } };
}

/** 400 about a query parameter. */
export function invalidParameter(location: string, message: string): GoogleError {
  return new GoogleError(400, {
    domain: 'global',
    reason: 'invalid',
    message,
    locationType: 'parameter',
    location,
  });
}

/** 400 about the body. */
export function invalidBody(message: string, reason = 'invalid'): GoogleError {
  return new GoogleError(400, { domain: 'global', reason, message });
}

export function notFound(): GoogleError {
  return new GoogleError(404, { domain: 'global', reason: 'notFound', message: 'Not Found' });
}

/** 410 for a deleted resource. */
export function deleted(): GoogleError {
  return new GoogleError(410, {
    domain: 'global',
    reason: 'deleted',
    message: 'Resource has been deleted',
  });
}

/** 410 for an expired sync token. */
export function fullSyncRequired(): GoogleError {
  return new GoogleError(410, {
    domain: 'calendar',
    reason: 'fullSyncRequired',
    message: 'Sync token is no longer valid, a full sync is required.',
    locationType: 'parameter',
    location: 'syncToken',
  });
}

export function forbidden(reason: string, message: string, domain = 'global'): GoogleError {
  return new GoogleError(403, { domain, reason, message });
}
