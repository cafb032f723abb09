import { MAX_WORKSPACE_IDS } from '../../contracts/limits.ts';
import type { ApplyTemplateInput } from '../../contracts/templates.ts';
import {
  asObject,
  type Check,
  checkOptional,
  COMMON_FIELDS,
  type Fields,
  invalidInput,
  isListOf,
  isUuid,
  isWorkspaceId,
  WORKSPACE_ID_RULE,
} from './checks.ts';

const isDate: Check = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
const isResume: Check = (value) => {
  const { targets, totals } = (value ?? {}) as Record<string, unknown>;
  return [targets, totals].every((part) => typeof part === 'object' && part !== null);
};

const REQUIRED: Fields = {
  applicationId: [isUuid, 'a UUID'],
  // Templates are named as workspaces are.
  template: [isWorkspaceId, WORKSPACE_ID_RULE],
  start: [isDate, 'a date such as 2026-12-01'],
};
const OPTIONAL: Fields = {
  ...COMMON_FIELDS,
  workspaceIds: [
    isListOf(isWorkspaceId, MAX_WORKSPACE_IDS),
    `a list of 1 to ${MAX_WORKSPACE_IDS} workspace IDs, each ${WORKSPACE_ID_RULE}`,
  ],
  resume: [isResume, 'what an earlier run handed on'],
};

export function checkApplyTemplateInput(input: unknown): ApplyTemplateInput {
  const values = asObject(input);
  for (const [field, [check, allowed]] of Object.entries(REQUIRED)) {
    if (!check(values[field])) throw invalidInput(field, allowed);
  }
  checkOptional(values, OPTIONAL);
  return input as ApplyTemplateInput;
}
