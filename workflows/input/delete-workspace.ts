import type { DeleteWorkspaceInput } from '../../contracts/tenancy.ts';
import { asObject, type Check, checkOptional, COMMON_FIELDS, isFlag, requireWorkspaceId } from './checks.ts';

const isKeyId: Check = (value) => typeof value === 'string' && /^[\w-]{1,64}$/.test(value);

export function checkDeleteWorkspaceInput(input: unknown): DeleteWorkspaceInput {
  const values = asObject(input);
  requireWorkspaceId(values);
  checkOptional(values, {
    ...COMMON_FIELDS,
    ownCalendars: [isFlag, 'true or false'],
    keyId: [isKeyId, 'the ID of an API key'],
  });
  return input as DeleteWorkspaceInput;
}
