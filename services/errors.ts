/** Failures whose message is a sentence for people: what is wrong and what to do. Callers may show it as it is. */
export abstract class ClientError extends Error {}

/** A value given by the caller is malformed. Nothing was changed. Give another one. */
export class InvalidInputError extends ClientError {
  override readonly name = 'InvalidInputError';
  /** As the typed client calls it: `timeZone`. */
  readonly field: string;
  /** What is allowed, for instance `must be an e-mail address`. Never repeats the value, which may be a secret. */
  readonly rule: string;

  constructor(field: string, rule: string, options?: ErrorOptions) {
    super(`${field} ${rule}.`, options);
    this.field = field;
    this.rule = rule;
  }
}

/** A field that others may leave out has to be given by this caller. Nothing was changed. */
export class RequiredInputError extends InvalidInputError {}

/** What the caller names does not exist: a workspace, a calendar, a schedule, a running sync. */
export class NotFoundError extends ClientError {
  override readonly name = 'NotFoundError';
}

/** The installation is not set up for what the caller wants. The message names the setting. */
export class NotConfiguredError extends ClientError {
  override readonly name = 'NotConfiguredError';
}

/** What the caller wants to create exists already. */
export class AlreadyExistsError extends ClientError {
  override readonly name = 'AlreadyExistsError';
}

/** The workspace has as many as it may have. Nothing was changed. Remove some, then try again. */
export class QuotaExceededError extends ClientError {
  override readonly name = 'QuotaExceededError';
}

/** The caller did not say who they are, or not credibly. */
export class UnauthenticatedError extends ClientError {
  override readonly name = 'UnauthenticatedError';
}

/** The caller may not do this. Nothing was changed. */
export class ForbiddenError extends ClientError {
  override readonly name = 'ForbiddenError';
}

/** The caller asks too often. Nothing was changed. */
export class RateLimitedError extends ClientError {
  override readonly name = 'RateLimitedError';
}

/** What the caller wants excludes something that is under way. Nothing was started: try again when it has ended. */
export class BusyError extends ClientError {
  override readonly name = 'BusyError';
}

/** An Idempotency-Key stands for another request. Nothing was changed. Take a new one. */
export class ReusedKeyError extends ClientError {
  override readonly name = 'ReusedKeyError';
}

/** A run that was waited for has failed instead of reporting. The message names it and the type of its failure. */
export class RunFailedError extends ClientError {
  override readonly name = 'RunFailedError';
}

/** Who asked has closed the connection: nothing more is done for the answer, which nobody will read. */
export class ClientGoneError extends ClientError {
  override readonly name = 'ClientGoneError';
}

/** A server did not answer, or did not let us in. The message names its address. */
export class UnreachableError extends ClientError {
  override readonly name = 'UnreachableError';
}

/** A reader of the change log has been away for longer than changes are kept. Drop what was read, read anew from 0. */
export class CursorExpiredError extends ClientError {
  override readonly name = 'CursorExpiredError';
}

/** The Temporal namespace lacks a search attribute and we may not add it. The message says who can, and how. */
export class NamespaceSetupError extends ClientError {
  override readonly name = 'NamespaceSetupError';
}
