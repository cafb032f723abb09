import type { MaintainChannelsInput } from '../../contracts/push.ts';
import { asObject, type Check, checkOptional, isUuid, isWorkspaceId, WORKSPACE_ID_RULE } from './checks.ts';

const isResume: Check = (value) => {
  const { afterCalendarId, totals } = (value ?? {}) as Record<string, unknown>;
  return isUuid(afterCalendarId) && typeof totals === 'object' && totals !== null;
};

export function checkMaintainChannelsInput(input: unknown): MaintainChannelsInput {
  const values = asObject(input ?? {});
  checkOptional(values, {
    workspaceId: [isWorkspaceId, WORKSPACE_ID_RULE],
    resume: [isResume, 'what an earlier run handed on'],
  });
  return values;
}
