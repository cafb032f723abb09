import type { WriteEventInput } from '../../contracts/writing.ts';
import {
  asObject,
  checkOptional,
  COMMON_FIELDS,
  invalidInput,
  isUuid,
  requireWorkspaceId,
} from './checks.ts';

export function checkWriteEventInput(input: unknown): WriteEventInput {
  const values = asObject(input);
  requireWorkspaceId(values);
  checkOptional(values, COMMON_FIELDS);
  if (!isUuid(values['batchId'])) throw invalidInput('batchId', 'the UUID of a batch of writes');
  return input as WriteEventInput;
}
