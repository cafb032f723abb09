import { type Remedy, RemedyAction } from '../contracts/remedies.ts';
import type { StaleReason } from '../contracts/stale-reasons.ts';

/** Kind of an error: constant, for programs. The edges (API, command line, Temporal) decide by it alone. */
export const ErrorCode = {
  alreadyExists: 'already-exists',
  busy: 'busy',
  clientGone: 'client-gone',
  changedMeanwhile: 'changed-meanwhile',
  connectionFailed: 'connection-failed',
  connectionRefused: 'connection-refused',
  cursorExpired: 'cursor-expired',
  forbidden: 'forbidden',
  invalidInput: 'invalid-input',
  keyReused: 'key-reused',
  momentNotKept: 'moment-not-kept',
  namespaceSetup: 'namespace-setup',
  notConfigured: 'not-configured',
  notFound: 'not-found',
  quotaExceeded: 'quota-exceeded',
  rateLimited: 'rate-limited',
  requiredInput: 'required-input',
  runFailed: 'run-failed',
  staleMirror: 'stale-mirror',
  unauthenticated: 'unauthenticated',
  unreachable: 'unreachable',
  workspaceNotFound: 'workspace-not-found',
  workspacePaused: 'workspace-paused',
  writeFailed: 'write-failed',
  writeRefused: 'write-refused',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

interface Details extends ErrorOptions {
  remedy?: Remedy | undefined;
}

/**
 * An error that callers may show. The message says what is wrong; the remedy is data that each edge puts into
 * words.
 */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
  /** Malformed field as the typed client names it: `timeZone`. The message begins with it. */
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

/** A value from the caller is malformed. Nothing was changed. Correct the value. */
export class InvalidInputError extends DomainError {
  readonly code: ErrorCode = ErrorCode.invalidInput;
  declare readonly field: string;
  /**
   * Allowed values, for instance `must be an e-mail address`. Never repeats the value, which may be a secret.
   */
  readonly rule: string;

  constructor(field: string, rule: string, details: Details = {}) {
    super(`${field} ${rule}.`, { ...details, field });
    this.rule = rule;
  }
}

/** A field that is optional for other callers is required from this one. Nothing was changed. */
export class RequiredInputError extends InvalidInputError {
  override readonly code = ErrorCode.requiredInput;
}

/** A resource that the caller names does not exist: a calendar, a schedule, a running sync. */
export class NotFoundError extends DomainError {
  readonly code: ErrorCode = ErrorCode.notFound;
}

/** The workspace does not exist, or has been deleted. */
export class WorkspaceNotFoundError extends NotFoundError {
  override readonly code = ErrorCode.workspaceNotFound;

  constructor(workspaceId: string) {
    const remedy = { action: RemedyAction.findWorkspace, workspaceId };
    super(`There is no workspace ${workspaceId}.`, { remedy });
  }
}

/** The workspace is paused, so nothing is synced, planned or written. Nothing was started. Resume it. */
export class WorkspacePausedError extends DomainError {
  readonly code = ErrorCode.workspacePaused;

  constructor(workspaceId: string) {
    const remedy = { action: RemedyAction.resumeWorkspace, workspaceId };
    super(`Workspace ${workspaceId} is paused.`, { remedy });
  }
}

const LISTED = {
  account: RemedyAction.listAccounts,
  block: RemedyAction.listBlocks,
  calendar: RemedyAction.listCalendars,
  'embed link': RemedyAction.listEmbedLinks,
  feed: RemedyAction.listFeeds,
  habit: RemedyAction.listHabits,
  notifier: RemedyAction.listNotifiers,
  run: RemedyAction.listPlanRuns,
  task: RemedyAction.listTasks,
} as const;

/** The workspace has no resource of this kind with this ID. */
export class NotInWorkspaceError extends NotFoundError {
  constructor(workspaceId: string, kind: keyof typeof LISTED, id: string) {
    const remedy = { action: LISTED[kind], workspaceId };
    super(`Workspace ${workspaceId} has no ${kind} ${id}.`, { remedy });
  }
}

/** The workspace has no account, so its blocks have no calendar to be written to. */
export class NoAccountError extends NotFoundError {
  constructor(workspaceId: string) {
    const remedy = { action: RemedyAction.connectAccount, workspaceId };
    super(`Workspace ${workspaceId} has no account to write to.`, { remedy });
  }
}

/** The installation lacks a setting that the request needs. The message names it. */
export class NotConfiguredError extends errorOf(ErrorCode.notConfigured) {}

/** The resource to create already exists. */
export class AlreadyExistsError extends errorOf(ErrorCode.alreadyExists) {}

/** A quota of the workspace is used up. Nothing was changed. Remove some items, then try again. */
export class QuotaExceededError extends errorOf(ErrorCode.quotaExceeded) {}

/** The caller sent no credentials, or invalid ones. */
export class UnauthenticatedError extends errorOf(ErrorCode.unauthenticated) {}

/** The caller lacks permission. Nothing was changed. */
export class ForbiddenError extends errorOf(ErrorCode.forbidden) {}

/** The caller sends too many requests. Nothing was changed. */
export class RateLimitedError extends errorOf(ErrorCode.rateLimited) {}

/** The request conflicts with work in progress. Nothing was started: try again when that work has ended. */
export class BusyError extends errorOf(ErrorCode.busy) {}

/** An Idempotency-Key was already used for another request. Nothing was changed. Use a new key. */
export class ReusedKeyError extends errorOf(ErrorCode.keyReused) {}

/** A run that the caller waited for has failed. The message names the run and its failure type. */
export class RunFailedError extends errorOf(ErrorCode.runFailed) {}

/** The event has another version than the caller expects. Nothing was changed. Read it again. */
export class ChangedMeanwhileError extends DomainError {
  readonly code = ErrorCode.changedMeanwhile;
  /** Version that the event has; null: unknown. */
  readonly etag: string | null;

  constructor(message: string, etag: string | null) {
    super(message);
    this.etag = etag;
  }
}

/** Google, or the state of the event, does not permit the write. Nothing was changed. */
export class WriteRefusedError extends errorOf(ErrorCode.writeRefused) {}

/** Google was not reached in time. The write may have been made: read the event. */
export class WriteFailedError extends errorOf(ErrorCode.writeFailed) {}

/** The client has closed the connection, so nothing more is done for its answer. */
export class ClientGoneError extends errorOf(ErrorCode.clientGone) {}

/** A server did not answer, or refused access. The message names its address. */
export class UnreachableError extends errorOf(ErrorCode.unreachable) {}

/** A calendar whose mirror could not be proven in time. */
export interface StaleCalendar {
  workspaceId: string;
  /** Absent for another workspace's calendars, which are one entry together. */
  calendarId?: string;
  /** Since then it may differ from Google. Null: it was never read. */
  provenAt: string | null;
  reason: StaleReason;
  /** Failure type of its last sync. */
  lastError?: string;
}

/** Calendars named in a message; the error itself has all. */
const MOST_NAMED = 3;

/** The mirror of some calendars is not proven as recently as the caller asked. Allow a greater age, or sync. */
export class StaleMirrorError extends DomainError {
  readonly code = ErrorCode.staleMirror;
  readonly calendars: readonly StaleCalendar[];

  constructor(calendars: readonly StaleCalendar[]) {
    const named = calendars
      .slice(0, MOST_NAMED)
      .map(
        ({ workspaceId, calendarId = workspaceId, provenAt, reason }) =>
          `${calendarId} (${reason}, proven ${provenAt ?? 'never'})`,
      );
    const more = calendars.length - named.length;
    const isGone = ({ reason }: StaleCalendar) => reason === 'needs-reconnect' || reason === 'disconnected';
    const isPaused = ({ reason }: StaleCalendar) => reason === 'paused';
    const action = calendars.some(isGone)
      ? RemedyAction.connectAccount
      : calendars.some(isPaused)
        ? RemedyAction.resumeWorkspace
        : RemedyAction.syncWorkspace;
    const workspaceId = (calendars.find(isGone) ?? calendars.find(isPaused) ?? calendars[0])?.workspaceId;
    super(`Not recent enough: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`, {
      remedy: { action, ...(workspaceId !== undefined && { workspaceId }) },
    });
    this.calendars = calendars;
  }
}

/**
 * A reader's position in the change log is older than the changes that are kept. Discard the copy, and read
 * again from 0.
 */
export class CursorExpiredError extends errorOf(ErrorCode.cursorExpired) {}

/** The change log no longer covers the requested moment. Choose a later one. */
export class MomentNotKeptError extends errorOf(ErrorCode.momentNotKept) {}

/**
 * The Temporal namespace lacks a search attribute, and Almanac may not add it. The message says who can add
 * it, and how.
 */
export class NamespaceSetupError extends errorOf(ErrorCode.namespaceSetup) {}
