import { z } from 'zod';
import { type Database, type Transaction } from '../prisma/client.ts';
import { AlreadyExistsError, NotFoundError } from './errors.ts';
import { parseInput, timeZoneSchema, workspaceIdSchema } from './input.ts';

const workspaceSchema = z.object({ id: workspaceIdSchema, timeZone: timeZoneSchema });

export interface WorkspaceSummary {
  id: string;
  timeZone: string;
  accounts: number;
  calendars: number;
  createdAt: string;
}

/** @throws AlreadyExistsError when the ID is taken. */
export async function createWorkspace(
  database: Database,
  input: z.input<typeof workspaceSchema>,
): Promise<WorkspaceSummary> {
  const workspace = parseInput(workspaceSchema, input);
  const { count } = await database.workspace.createMany({ data: [workspace], skipDuplicates: true });
  if (count === 0) throw new AlreadyExistsError(`Workspace ${workspace.id} exists already.`);
  const created = await database.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  return { ...workspace, accounts: 0, calendars: 0, createdAt: created.createdAt.toISOString() };
}

/** Every workspace. */
export async function listWorkspaces(database: Database): Promise<WorkspaceSummary[]> {
  const workspaces = await database.workspace.findMany({
    orderBy: { id: 'asc' },
    include: { _count: { select: { accounts: true, calendars: { where: { status: { not: 'removed' } } } } } },
  });
  return workspaces.map(({ id, timeZone, createdAt, _count }) => ({
    id,
    timeZone,
    accounts: _count.accounts,
    calendars: _count.calendars,
    createdAt: createdAt.toISOString(),
  }));
}

/** @throws NotFoundError when there is no such workspace, InvalidInputError when there cannot be one. */
export async function requireWorkspace(
  database: Database | Transaction,
  workspaceId: string,
): Promise<{ id: string; timeZone: string }> {
  const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const workspace = await database.workspace.findUnique({
    where: { id },
    select: { id: true, timeZone: true },
  });
  if (workspace) return workspace;
  throw new NotFoundError(
    `There is no workspace ${id}: \`almanac workspace list\` names those there are, \`almanac workspace create ${id} --time-zone <zone>\` makes it.`,
  );
}
