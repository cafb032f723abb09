import {
  type AuditInput,
  DIFFERENCE_KINDS,
  MAX_AUDIT_SIZE,
  type VerifyInput,
} from '../../contracts/verification.ts';
import {
  type Fields,
  isUuid,
  isListOf,
  COMMON_FIELDS,
  asObject,
  checkOptional,
  requireWorkspaceId,
} from './checks.ts';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import { isResult, REQUEST_FIELDS } from './sync.ts';

const VERIFY_FIELDS: Fields = {
  ...COMMON_FIELDS,
  ...REQUEST_FIELDS,
  repair: [(value) => typeof value === 'boolean', 'true or false'],
  resume: [
    (value) => {
      const { calendarIds, calendars, differences } = (value ?? {}) as Record<string, unknown>;
      const found = (differences ?? {}) as Record<string, { examples?: unknown } | undefined>;
      return (
        isListOf(isUuid, MAX_CALENDAR_IDS)(calendarIds) &&
        Array.isArray(calendars) &&
        calendars.every(isResult) &&
        DIFFERENCE_KINDS.every((kind) => Array.isArray(found[kind]?.examples))
      );
    },
    'what an earlier run handed on',
  ],
};

const AUDIT_FIELDS: Fields = {
  calendars: [
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_AUDIT_SIZE,
    `a whole number from 1 to ${MAX_AUDIT_SIZE}`,
  ],
};

export function checkVerifyInput(input: unknown): VerifyInput {
  const values = asObject(input);
  requireWorkspaceId(values);
  checkOptional(values, VERIFY_FIELDS);
  return input as VerifyInput;
}

export function checkAuditInput(input: unknown): AuditInput {
  const values = asObject(input ?? {});
  checkOptional(values, AUDIT_FIELDS);
  return values;
}
