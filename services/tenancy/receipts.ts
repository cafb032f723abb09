import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { REVOCATIONS } from '../accounts/revoke-account.ts';
import { NotFoundError, WorkspaceNotFoundError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { failureType, instant, uuid } from '../shapes.ts';

export const receiptSchema = z.object({
  id: uuid('the receipt'),
  workspaceId: z.string(),
  keyId: z.string().nullable().describe('API key that requested it. Null: the command line'),
  requestedAt: instant,
  finishedAt: instant.nullable().describe('Null: the workspace is still being deleted'),
  ownCalendars: z.boolean().describe('Whether the calendars that Almanac made were deleted in Google'),
  accounts: z
    .record(
      z.string(),
      z.object({
        grant: z.enum(REVOCATIONS).optional(),
        calendars: z.int().optional(),
        calendarsError: failureType,
      }),
    )
    .describe(
      'By account: outcome for its grant (`failed`: the user should remove it at Google; `shared`: another workspace uses it), number of own calendars that were deleted, and why others were left',
    ),
  rows: z.record(z.string(), z.int()).describe('Deleted rows by table'),
});
export type WorkspaceReceipt = z.infer<typeof receiptSchema>;

/**
 * Receipt of the latest deletion of a workspace.
 * @throws NotFoundError when no workspace with this ID has been deleted.
 */
export async function readReceipt(database: Database, workspaceId: string): Promise<WorkspaceReceipt> {
  const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const row = await database.workspaceReceipt.findFirst({
    where: { workspaceId: id },
    orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
  });
  if (row === null) throw new NotFoundError(`No workspace ${id} has been deleted.`);
  const { requestedAt, finishedAt, ...rest } = row;
  return receiptSchema.parse({
    ...rest,
    requestedAt: requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  });
}

/**
 * Requires a workspace that exists, even if its deletion has begun.
 * @throws WorkspaceNotFoundError otherwise.
 */
export async function requireDeletable(database: Database, workspaceId: string): Promise<void> {
  const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const known = await database.workspace.findUnique({ where: { id }, select: { id: true } });
  if (known === null) throw new WorkspaceNotFoundError(id);
}
