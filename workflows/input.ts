import { ApplicationFailure } from '@temporalio/workflow';
import type {
  FanOutInput,
  PartitionInput,
  PartitionProgress,
  RollHorizonsInput,
} from '../contracts/fan-out.ts';
import { MAX_WORKSPACE_IDS } from '../contracts/fan-out.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { PlanFanOutInput, PlanPartitionInput } from '../contracts/plan-fan-out.ts';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS, PLAN_MODES, type PlanRequest } from '../contracts/planning.ts';
import { SYNC_MODES, SYNC_SOURCES, type SyncInput, type SyncRequest } from '../contracts/sync.ts';
import {
  type AuditInput,
  DIFFERENCE_KINDS,
  MAX_AUDIT_SIZE,
  type VerifyInput,
} from '../contracts/verification.ts';

// By hand, and not with the schemas that the CLI uses: a workflow's modules are evaluated anew for every cached
// workflow, and zod makes the bundle 70 % larger (2.5 MB beside 1.5 MB of Temporal's own; its mini variant 50 %).

const WORKSPACE_ID = /^[A-Za-z0-9_-]{1,64}$/;
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;
const FINGERPRINT = /^[\w+/=-]{1,128}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Check = (value: unknown) => boolean;

function invalidInput(field: string, allowed: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${field} must be ${allowed}.`, FailureType.invalidInput);
}

const isWorkspaceId: Check = (value) => typeof value === 'string' && WORKSPACE_ID.test(value);
const isUuid: Check = (value) => typeof value === 'string' && UUID.test(value);
const isListOf =
  (check: Check, most: number): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= most && value.every(check);
const isOneOf =
  (values: readonly string[]): Check =>
  (value) =>
    values.some((allowed) => allowed === value);

const WORKSPACE_ID_RULE = '1 to 64 letters, digits, hyphens and underscores';
const MODE_RULE = `one of ${SYNC_MODES.join(', ')}`;
const MOST_CALENDARS = 1_000;

/** Optional fields of an input: their check and, in words, what it allows. */
const COMMON_FIELDS: Record<string, [Check, string]> = {
  source: [isOneOf(SYNC_SOURCES), `one of ${SYNC_SOURCES.join(', ')}`],
  correlationId: [
    (value) => typeof value === 'string' && CORRELATION_ID.test(value),
    '1 to 128 printable ASCII characters without spaces',
  ],
};

const REQUEST_FIELDS: Record<string, [Check, string]> = {
  calendarIds: [isListOf(isUuid, MOST_CALENDARS), `a list of 1 to ${MOST_CALENDARS} calendar UUIDs`],
};

const isTargets: Check = (value) => {
  const { calendarIds, accountIds } = (value ?? {}) as Record<string, unknown>;
  return [calendarIds, accountIds].every((ids) => Array.isArray(ids) && ids.every(isUuid));
};
const isResult: Check = (value) => isUuid((value as { calendarId?: unknown } | null)?.calendarId);
/** What a partition hands on: counts, and samples of failures. */
const isTotals: Check = (value) => {
  const { sampleFailures, ...counts } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(sampleFailures) && Object.values(counts).every((count) => typeof count === 'number');
};
const isResume: Check = (value) => {
  const { results, requests } = (value ?? {}) as Record<string, unknown>;
  return (
    Array.isArray(results) &&
    results.every(isResult) &&
    Array.isArray(requests) &&
    requests.every((request) => checkSyncRequest(request) !== null)
  );
};

const SYNC_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  ...REQUEST_FIELDS,
  targets: [isTargets, 'an object of calendarIds and accountIds, lists of UUIDs'],
  resume: [isResume, 'what an earlier run handed on'],
};

const FAN_OUT_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  mode: [isOneOf(SYNC_MODES), MODE_RULE],
  workspaceIds: [
    isListOf(isWorkspaceId, MAX_WORKSPACE_IDS),
    `a list of 1 to ${MAX_WORKSPACE_IDS} workspace IDs, each ${WORKSPACE_ID_RULE}`,
  ],
  all: [(value) => typeof value === 'boolean', 'true or false'],
};

const isSlice: Check = (value) => {
  const { workspaceIds, range } = (value ?? {}) as {
    workspaceIds?: unknown;
    range?: Record<string, unknown>;
  };
  if (workspaceIds !== undefined) return isListOf(isWorkspaceId, MAX_WORKSPACE_IDS)(workspaceIds);
  return [range?.['after'], range?.['upTo']].every((edge) => edge === null || isWorkspaceId(edge));
};
const isInstantOrNull: Check = (value) =>
  value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));

const isCount: Check = (value) =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_WORKSPACE_IDS;
const COUNT_RULE = `a whole number from 1 to ${MAX_WORKSPACE_IDS}`;

/** Absent from partitions that were started before there were any. */
const PARTITION_OPTIONS: Record<string, [Check, string]> = {
  childrenAtOnce: [isCount, COUNT_RULE],
  reportEvery: [isCount, COUNT_RULE],
  totals: [isTotals, 'the totals of the runs before'],
};

/** All of these are required: only the coordinator writes this input. */
const PARTITION_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  mode: [isOneOf(SYNC_MODES), MODE_RULE],
  dueAt: [isInstantOrNull, 'an ISO instant or null'],
  slice: [isSlice, 'an object with workspaceIds, or with a range of them'],
};

const ROLL_FIELDS: Record<string, [Check, string]> = {
  resume: [
    (value) => isUuid((value as { afterCalendarId?: unknown } | null)?.afterCalendarId),
    'what an earlier run handed on',
  ],
};

const isFlag: Check = (value) => typeof value === 'boolean';

const PLAN_FAN_OUT_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  workspaceIds: FAN_OUT_FIELDS['workspaceIds']!,
};

const PLAN_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  mode: [isOneOf(PLAN_MODES), `one of ${PLAN_MODES.join(', ')}`],
  days: [
    (value) =>
      Number.isInteger(value) && Number(value) >= FEWEST_PLAN_DAYS && Number(value) <= MOST_PLAN_DAYS,
    `a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`,
  ],
  force: [isFlag, 'true or false'],
  safe: [isFlag, 'true or false'],
  expectedFingerprint: [
    (value) => typeof value === 'string' && FINGERPRINT.test(value),
    'the fingerprint of a preview',
  ],
  undoRunId: [isUuid, 'the UUID of an applied run'],
};

const VERIFY_FIELDS: Record<string, [Check, string]> = {
  ...COMMON_FIELDS,
  ...REQUEST_FIELDS,
  repair: [(value) => typeof value === 'boolean', 'true or false'],
  resume: [
    (value) => {
      const { calendarIds, calendars, differences } = (value ?? {}) as Record<string, unknown>;
      const found = (differences ?? {}) as Record<string, { examples?: unknown } | undefined>;
      return (
        isListOf(isUuid, MOST_CALENDARS)(calendarIds) &&
        Array.isArray(calendars) &&
        calendars.every(isResult) &&
        DIFFERENCE_KINDS.every((kind) => Array.isArray(found[kind]?.examples))
      );
    },
    'what an earlier run handed on',
  ],
};

const AUDIT_FIELDS: Record<string, [Check, string]> = {
  calendars: [
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_AUDIT_SIZE,
    `a whole number from 1 to ${MAX_AUDIT_SIZE}`,
  ],
};

function asObject(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidInput('The workflow input', 'one JSON object');
  }
  return input as Record<string, unknown>;
}

function checkOptional(values: Record<string, unknown>, fields: Record<string, [Check, string]>): void {
  for (const [field, [check, allowed]] of Object.entries(fields)) {
    const value = values[field];
    if (value !== undefined && value !== null && !check(value)) throw invalidInput(field, allowed);
  }
}

/** Input may come from the Temporal CLI: it is checked here as if nobody had. */
export function checkSyncInput(input: unknown): SyncInput {
  const values = asObject(input);
  if (!isWorkspaceId(values['workspaceId'])) throw invalidInput('workspaceId', WORKSPACE_ID_RULE);
  checkOptional(values, SYNC_FIELDS);
  return input as SyncInput;
}

export function checkFanOutInput(input: unknown): FanOutInput {
  const values = asObject(input ?? {});
  checkOptional(values, FAN_OUT_FIELDS);
  return values;
}

export function checkPartitionInput(input: unknown): PartitionInput {
  const values = asObject(input);
  for (const [field, [check, allowed]] of Object.entries(PARTITION_FIELDS)) {
    if (!check(values[field])) throw invalidInput(field, allowed);
  }
  checkOptional(values, PARTITION_OPTIONS);
  return input as PartitionInput;
}

export function checkPlanFanOutInput(input: unknown): PlanFanOutInput {
  const values = asObject(input ?? {});
  checkOptional(values, PLAN_FAN_OUT_FIELDS);
  return values;
}

export function checkPlanPartitionInput(input: unknown): PlanPartitionInput {
  const values = asObject(input);
  const { slice, ...optional } = values;
  if (!isSlice(slice)) throw invalidInput('slice', 'an object with workspaceIds, or with a range of them');
  checkOptional(optional, PARTITION_OPTIONS);
  return input as PlanPartitionInput;
}

export function checkPlanRequest(input: unknown): PlanRequest {
  const values = asObject(input);
  if (!isWorkspaceId(values['workspaceId'])) throw invalidInput('workspaceId', WORKSPACE_ID_RULE);
  checkOptional(values, PLAN_FIELDS);
  const { mode, undoRunId } = values;
  if (mode === 'undo' && !isUuid(undoRunId)) throw invalidInput('undoRunId', 'the UUID of an applied run');
  return input as PlanRequest;
}

export function checkRollInput(input: unknown): RollHorizonsInput {
  const values = asObject(input ?? {});
  checkOptional(values, ROLL_FIELDS);
  return values;
}

export function checkVerifyInput(input: unknown): VerifyInput {
  const values = asObject(input);
  if (!isWorkspaceId(values['workspaceId'])) throw invalidInput('workspaceId', WORKSPACE_ID_RULE);
  checkOptional(values, VERIFY_FIELDS);
  return input as VerifyInput;
}

export function checkAuditInput(input: unknown): AuditInput {
  const values = asObject(input ?? {});
  checkOptional(values, AUDIT_FIELDS);
  return values;
}

/** Null for a request that makes no sense: a bad signal must not end a sync that is running. */
export function checkSyncRequest(request: unknown): SyncRequest | null {
  try {
    const values = asObject(request);
    if (!isOneOf(SYNC_MODES)(values['mode'])) throw invalidInput('mode', MODE_RULE);
    checkOptional(values, REQUEST_FIELDS);
    return request as SyncRequest;
  } catch {
    return null;
  }
}

/** Null for a report that no partition has sent: a bad signal must not end a fan-out that is running. */
export function checkPartitionProgress(report: unknown): PartitionProgress | null {
  const { workflowId, totals } = (report ?? {}) as Record<string, unknown>;
  return typeof workflowId === 'string' && isTotals(totals) ? (report as PartitionProgress) : null;
}
