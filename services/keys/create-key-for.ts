import { z } from 'zod';
import { DAY_MS } from '../../contracts/durations.ts';
import { InvalidInputError } from '../errors.ts';
import { nameSchema, parseInput, workspaceIdSchema } from '../input.ts';
import { type Caller, createApiKey, type createdKeySchema, type KeyContext } from './api-keys.ts';

const MOST_DAYS = 3_650;
const DAYS_RULE = `must be a whole number of days from 1 to ${MOST_DAYS}`;

export const newKey = z
  .strictObject({
    name: nameSchema.describe('Purpose of the key, at most 100 characters'),
    workspaceId: workspaceIdSchema.optional().describe('Valid for this workspace only; excludes `admin`'),
    admin: z.boolean('must be true or false').default(false).describe('Valid for every workspace'),
    readOnly: z.boolean('must be true or false').default(false).describe('Whether it may change nothing'),
    expiresInDays: z
      .int(DAYS_RULE)
      .min(1, DAYS_RULE)
      .max(MOST_DAYS, DAYS_RULE)
      .optional()
      .describe('Days until it expires. Default: never'),
  })
  .refine(({ admin, workspaceId }) => admin === (workspaceId === undefined), {
    path: ['workspaceId'],
    error: 'must be given, or admin, but not both',
  });

/**
 * Creates a key for an admin, who may have signed in with a key that expires: the new one does not outlive that.
 * @throws InvalidInputError when it would, NotFoundError when there is no such workspace
 */
export async function createKeyFor(
  { database, now }: KeyContext,
  { keyId }: Caller,
  input: z.input<typeof newKey>,
): Promise<z.infer<typeof createdKeySchema>> {
  const { workspaceId, admin: _admin, expiresInDays: days, ...data } = parseInput(newKey, input);
  const at = await now();
  const expiresAt = days === undefined ? undefined : new Date(at.getTime() + days * DAY_MS);
  const own = await database.apiKey.findUnique({ where: { id: keyId }, select: { expiresAt: true } });
  const end = own?.expiresAt ?? null;
  if (end !== null && (expiresAt === undefined || expiresAt > end))
    throw new InvalidInputError(
      'expiresInDays',
      `must end no later than the key in use, which expires at ${end.toISOString()}`,
    );
  return createApiKey({ database, now }, { ...data, workspaceId, expiresAt });
}
