import { PLAN_MODES, type PlanRequest } from '../../contracts/planning.ts';
import { FEWEST_PLAN_DAYS, MOST_PLAN_DAYS } from '../../contracts/limits.ts';
import {
  type Fields,
  invalidInput,
  isUuid,
  isOneOf,
  isFlag,
  COMMON_FIELDS,
  asObject,
  checkOptional,
  requireWorkspaceId,
} from './checks.ts';

const FINGERPRINT = /^[\w+/=-]{1,128}$/;

const PLAN_FIELDS: Fields = {
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

export function checkPlanRequest(input: unknown): PlanRequest {
  const values = asObject(input);
  requireWorkspaceId(values);
  checkOptional(values, PLAN_FIELDS);
  const { mode, undoRunId } = values;
  if (mode === 'undo' && !isUuid(undoRunId)) throw invalidInput('undoRunId', 'the UUID of an applied run');
  return input as PlanRequest;
}
