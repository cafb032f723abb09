import type { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contracts/failure-types.ts';
import { failure } from './failures.ts';

/** The failure of a run whose workspace does not exist, or has been deleted since. */
export function unknownWorkspace(workspaceId: string): ApplicationFailure {
  return failure(
    FailureType.workspaceNotFound,
    `workspaceId "${workspaceId}" names no workspace. Create it with: almanac workspace create ${workspaceId} --time-zone <IANA zone>`,
  );
}
