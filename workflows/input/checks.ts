import { ApplicationFailure } from '@temporalio/workflow';
import { FailureType } from '../../contracts/failure-types.ts';
import { SYNC_SOURCES } from '../../contracts/sync-modes.ts';
import { WORKSPACE_ID } from '../../contracts/limits.ts';

// Hand-written instead of zod schemas, because the modules of a workflow are evaluated again for every cached
// workflow, and zod would make the bundle 70 % larger (2.5 MB instead of 1.5 MB; its mini variant 50 %).

const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type Check = (value: unknown) => boolean;
/** Optional fields of an input: a check, and the allowed values in words. */
export type Fields = Record<string, [Check, string]>;

export function invalidInput(field: string, allowed: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${field} must be ${allowed}.`, FailureType.invalidInput);
}

export const isWorkspaceId: Check = (value) => typeof value === 'string' && WORKSPACE_ID.test(value);
export const isUuid: Check = (value) => typeof value === 'string' && UUID.test(value);
export const isListOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= most && value.every(check);
export const isOneOf =
  (values: readonly string[]): Check =>
  (value) =>
    values.some((allowed) => allowed === value);
export const isFlag: Check = (value) => typeof value === 'boolean';

export const WORKSPACE_ID_RULE = '1 to 64 letters, digits, hyphens and underscores';

/** Fields that every input of a caller may have. */
export const COMMON_FIELDS: Fields = {
  source: [isOneOf(SYNC_SOURCES), `one of ${SYNC_SOURCES.join(', ')}`],
  correlationId: [
    (value) => typeof value === 'string' && CORRELATION_ID.test(value),
    '1 to 128 printable ASCII characters without spaces',
  ],
};

export function asObject(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidInput('The workflow input', 'one JSON object');
  }
  return input as Record<string, unknown>;
}

export function checkOptional(values: Record<string, unknown>, fields: Fields): void {
  for (const [field, [check, allowed]] of Object.entries(fields)) {
    const value = values[field];
    if (value !== undefined && value !== null && !check(value)) throw invalidInput(field, allowed);
  }
}

/** @throws ApplicationFailure `InvalidInput` when `workspaceId` is missing or malformed. */
export function requireWorkspaceId(values: Record<string, unknown>): void {
  if (!isWorkspaceId(values['workspaceId'])) throw invalidInput('workspaceId', WORKSPACE_ID_RULE);
}
