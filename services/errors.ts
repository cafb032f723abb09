import { type Remedy, RemedyAction } from '../contracts/remedies.ts';

/** What kind of error it is: constant, for programs. The edges decide by it, and by nothing else. */
export const ErrorCode = {
  alreadyExists: 'already-exists',
  busy: 'busy',
  clientGone: 'client-gone',
  connectionFailed: 'connection-failed',
  connectionRefused: 'connection-refused',
  cursorExpired: 'cursor-expired',
  forbidden: 'forbidden',
  invalidInput: 'invalid-input',
  keyReused: 'key-reused',
  namespaceSetup: 'namespace-setup',
  notConfigured: 'not-configured',
  notFound: 'not-found',
  quotaExceeded: 'quota-exceeded',
  rateLimited: 'rate-limited',
  requiredInput: 'required-input',
  runFailed: 'run-failed',
  unauthenticated: 'unauthenticated',
  unreachable: 'unreachable',
  workspaceNotFound: 'workspace-not-found',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

interface Details extends ErrorOptions {
  remedy?: Remedy | undefined;
}

/** An error that callers may show. Its message says what is wrong; the remedy is data, which each edge words. */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
  /** The field that is malformed, as the typed client calls it: `timeZone`. The message begins with it. */
  readonly field: string | undefined;
  readonly remedy: Remedy | undefined;

  constructor(message: string, { remedy, field, ...options }: Details & { field?: string } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.field = field;
    this.remedy = remedy;
  }
}

const errorOf = (code: ErrorCode) =>
  class extends DomainError {
    readonly code = code;
  };

/** A value given by the caller is malformed. Nothing was changed. Give another one. */
export class InvalidInputError extends DomainError {
  readonly code: ErrorCode = ErrorCode.invalidInput;
  declare readonly field: string;
  /** What is allowed, for instance `must be an e-mail address`. Never repeats the value, which may be a secret. */
  readonly rule: string;

  constructor(field: string, rule: string, details: Details = {}) {
    super(`${field} ${rule}.`, { ...details, field });
    this.rule = rule;
  }
}

/** A field that others may leave out has to be given by this caller. Nothing was changed. */
export class RequiredInputError extends InvalidInputError {
  override readonly code = ErrorCode.requiredInput;
}

/** What the caller names does not exist: a calendar, a schedule, a running sync. */
export class NotFoundError extends DomainError {
  readonly code: ErrorCode = ErrorCode.notFound;
}

/** The workspace does not exist, or has been deleted since. */
export class WorkspaceNotFoundError extends NotFoundError {
  override readonly code = ErrorCode.workspaceNotFound;

  constructor(workspaceId: string) {
    const remedy = { action: RemedyAction.findWorkspace, workspaceId };
    super(`There is no workspace ${workspaceId}.`, { remedy });
  }
}

const LISTED = {
  account: RemedyAction.listAccounts,
  block: RemedyAction.listBlocks,
  calendar: RemedyAction.listCalendars,
  habit: RemedyAction.listHabits,
  run: RemedyAction.listPlanRuns,
  task: RemedyAction.listTasks,
} as const;

/** The workspace has nothing of this kind with this ID. */
export class NotInWorkspaceError extends NotFoundError {
  constructor(workspaceId: string, kind: keyof typeof LISTED, id: string) {
    const remedy = { action: LISTED[kind], workspaceId };
    super(`Workspace ${workspaceId} has no ${kind} ${id}.`, { remedy });
  }
}

/** The workspace has no account, so that there is no calendar for its blocks. */
export class NoAccountError extends NotFoundError {
  constructor(workspaceId: string) {
    const remedy = { action: RemedyAction.connectAccount, workspaceId };
    super(`Workspace ${workspaceId} has no account to write to.`, { remedy });
  }
}

/** The installation is not set up for what the caller wants. The message names the setting. */
export class NotConfiguredError extends errorOf(ErrorCode.notConfigured) {}

/** What the caller wants to create exists already. */
export class AlreadyExistsError extends errorOf(ErrorCode.alreadyExists) {}

/** The workspace has as many as it may have. Nothing was changed. Remove some, then try again. */
export class QuotaExceededError extends errorOf(ErrorCode.quotaExceeded) {}

/** The caller did not say who they are, or not credibly. */
export class UnauthenticatedError extends errorOf(ErrorCode.unauthenticated) {}

/** The caller may not do this. Nothing was changed. */
export class ForbiddenError extends errorOf(ErrorCode.forbidden) {}

/** The caller asks too often. Nothing was changed. */
export class RateLimitedError extends errorOf(ErrorCode.rateLimited) {}

/** What the caller wants excludes something that is under way. Nothing was started: try again when it has ended. */
export class BusyError extends errorOf(ErrorCode.busy) {}

/** An Idempotency-Key stands for another request. Nothing was changed. Take a new one. */
export class ReusedKeyError extends errorOf(ErrorCode.keyReused) {}

/** A run that was waited for has failed instead of reporting. The message names it and the type of its failure. */
export class RunFailedError extends errorOf(ErrorCode.runFailed) {}

/** Who asked has closed the connection: nothing more is done for the answer, which nobody will read. */
export class ClientGoneError extends errorOf(ErrorCode.clientGone) {}

/** A server did not answer, or did not let us in. The message names its address. */
export class UnreachableError extends errorOf(ErrorCode.unreachable) {}

/** A reader of the change log has been away for longer than changes are kept. Drop what was read, read anew from 0. */
export class CursorExpiredError extends errorOf(ErrorCode.cursorExpired) {}

/** The Temporal namespace lacks a search attribute and we may not add it. The message says who can, and how. */
export class NamespaceSetupError extends errorOf(ErrorCode.namespaceSetup) {}
