import type { SyncInput, SyncRequest } from '../../contracts/sync.ts';
import { SYNC_MODES } from '../../contracts/sync-modes.ts';
import {
  type Check,
  type Fields,
  invalidInput,
  isUuid,
  isFlag,
  isListOf,
  isOneOf,
  COMMON_FIELDS,
  asObject,
  checkOptional,
  requireWorkspaceId,
} from './checks.ts';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';

export const MODE_RULE = `one of ${SYNC_MODES.join(', ')}`;

export const REQUEST_FIELDS: Fields = {
  calendarIds: [isListOf(isUuid, MAX_CALENDAR_IDS), `a list of 1 to ${MAX_CALENDAR_IDS} calendar UUIDs`],
};

const isTargets: Check = (value) => {
  const { calendarIds, accountIds } = (value ?? {}) as Record<string, unknown>;
  return [calendarIds, accountIds].every((ids) => Array.isArray(ids) && ids.every(isUuid));
};
export const isResult: Check = (value) => isUuid((value as { calendarId?: unknown } | null)?.calendarId);
const isAccountFailure: Check = (value) => isUuid((value as { accountId?: unknown } | null)?.accountId);
const isOptionalListOf =
  (check: Check): Check =>
  (value) =>
    (value ?? null) === null || (Array.isArray(value) && value.every(check));
const isResume: Check = (value) => {
  const { results, accounts, requests, requestIds } = (value ?? {}) as Record<string, unknown>;
  return (
    Array.isArray(results) &&
    results.every(isResult) &&
    isOptionalListOf(isAccountFailure)(accounts) &&
    isOptionalListOf(isUuid)(requestIds) &&
    Array.isArray(requests) &&
    requests.every((request) => checkSyncRequest(request) !== null)
  );
};

const REQUEST_MESSAGE_FIELDS: Fields = {
  ...REQUEST_FIELDS,
  requestId: [isUuid, 'a UUID'],
  isHurried: [isFlag, 'true or false'],
};

const SYNC_FIELDS: Fields = {
  ...COMMON_FIELDS,
  ...REQUEST_FIELDS,
  targets: [isTargets, 'an object of calendarIds and accountIds, lists of UUIDs'],
  resume: [isResume, 'what an earlier run handed on'],
};

/** Input may come from the Temporal CLI, so no caller has necessarily checked it. */
export function checkSyncInput(input: unknown): SyncInput {
  const values = asObject(input);
  requireWorkspaceId(values);
  checkOptional(values, SYNC_FIELDS);
  return input as SyncInput;
}

/**
 * Validator of the update `syncNow`.
 * @throws ApplicationFailure `InvalidInput` that names the field: the update is refused, and leaves no event.
 */
export function requireSyncRequest(request: unknown): void {
  const values = asObject(request);
  if (!isOneOf(SYNC_MODES)(values['mode'])) throw invalidInput('mode', MODE_RULE);
  checkOptional(values, REQUEST_MESSAGE_FIELDS);
}

/** Null for a malformed request: a bad signal must not fail a running sync. */
export function checkSyncRequest(request: unknown): SyncRequest | null {
  try {
    requireSyncRequest(request);
    return request as SyncRequest;
  } catch {
    return null;
  }
}
