import type {
  SyncFanOutInput,
  SyncPartitionInput,
  PartitionProgress,
  RollHorizonsInput,
} from '../../contracts/fan-out.ts';
import { MAX_WORKSPACE_IDS } from '../../contracts/limits.ts';
import type { PlanFanOutInput, PlanPartitionInput } from '../../contracts/plan-fan-out.ts';
import { SYNC_MODES } from '../../contracts/sync-modes.ts';
import {
  type Check,
  type Fields,
  invalidInput,
  isWorkspaceId,
  isUuid,
  isListOf,
  isOneOf,
  WORKSPACE_ID_RULE,
  COMMON_FIELDS,
  asObject,
  checkOptional,
} from './checks.ts';
import { MODE_RULE } from './sync.ts';

/** Totals of a partition: counts, and samples of failures. */
const isTotals: Check = (value) => {
  const { sampleFailures, ...counts } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(sampleFailures) && Object.values(counts).every((count) => typeof count === 'number');
};
const isRange: Check = (value) => {
  const { after, upTo } = (value ?? {}) as Record<string, unknown>;
  return [after, upTo].every((edge) => edge === null || isWorkspaceId(edge));
};
const isSlice: Check = (value) => {
  const { workspaceIds, range, afterwards } = (value ?? {}) as Record<string, unknown>;
  if (workspaceIds !== undefined) return isListOf(isWorkspaceId, MAX_WORKSPACE_IDS)(workspaceIds);
  return isRange(range) && (afterwards === undefined || isRange(afterwards));
};
const isInstantOrNull: Check = (value) =>
  value === null || (typeof value === 'string' && !Number.isNaN(Date.parse(value)));

const isCount: Check = (value) =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_WORKSPACE_IDS;
const COUNT_RULE = `a whole number from 1 to ${MAX_WORKSPACE_IDS}`;

/** Optional, because older histories lack them. */
const PARTITION_OPTIONS: Fields = {
  childrenAtOnce: [isCount, COUNT_RULE],
  reportEvery: [isCount, COUNT_RULE],
  totals: [isTotals, 'the totals of the runs before'],
};

const FAN_OUT_FIELDS: Fields = {
  ...COMMON_FIELDS,
  mode: [isOneOf(SYNC_MODES), MODE_RULE],
  workspaceIds: [
    isListOf(isWorkspaceId, MAX_WORKSPACE_IDS),
    `a list of 1 to ${MAX_WORKSPACE_IDS} workspace IDs, each ${WORKSPACE_ID_RULE}`,
  ],
  all: [(value) => typeof value === 'boolean', 'true or false'],
};

/** All required: only the coordinator writes this input. */
const PARTITION_FIELDS: Fields = {
  ...COMMON_FIELDS,
  mode: [isOneOf(SYNC_MODES), MODE_RULE],
  dueAt: [isInstantOrNull, 'an ISO instant or null'],
  slice: [isSlice, 'an object with workspaceIds, or with a range of them'],
};

const ROLL_FIELDS: Fields = {
  resume: [
    (value) => isUuid((value as { afterCalendarId?: unknown } | null)?.afterCalendarId),
    'what an earlier run handed on',
  ],
};

const PLAN_FAN_OUT_FIELDS: Fields = {
  ...COMMON_FIELDS,
  workspaceIds: FAN_OUT_FIELDS['workspaceIds']!,
};

export function checkSyncFanOutInput(input: unknown): SyncFanOutInput {
  const values = asObject(input ?? {});
  checkOptional(values, FAN_OUT_FIELDS);
  return values;
}

export function checkSyncPartitionInput(input: unknown): SyncPartitionInput {
  const values = asObject(input);
  for (const [field, [check, allowed]] of Object.entries(PARTITION_FIELDS)) {
    if (!check(values[field])) throw invalidInput(field, allowed);
  }
  checkOptional(values, PARTITION_OPTIONS);
  return input as SyncPartitionInput;
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

export function checkRollInput(input: unknown): RollHorizonsInput {
  const values = asObject(input ?? {});
  checkOptional(values, ROLL_FIELDS);
  return values;
}

/** Null for a malformed report: a bad signal must not fail a running fan-out. */
export function checkPartitionProgress(report: unknown): PartitionProgress | null {
  const { workflowId, totals } = (report ?? {}) as Record<string, unknown>;
  return typeof workflowId === 'string' && isTotals(totals) ? (report as PartitionProgress) : null;
}
