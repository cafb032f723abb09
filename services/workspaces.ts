import { z } from 'zod';
import { EVENT_DETAILS } from '../contracts/event-details.ts';
import { WORKSPACE_STATUSES } from '../contracts/tenancy.ts';
import { type Database, type Transaction } from '../prisma/client.ts';
import { Prisma } from '../prisma/generated/client.ts';
import { AlreadyExistsError, BusyError, WorkspaceNotFoundError, WorkspacePausedError } from './errors.ts';
import { withLimitedWait } from './limited-wait.ts';
import { type Page, type PageRequest, readAllPages, readPage } from './pages.ts';
import { nameSchema, parseInput, timeZoneSchema, workspaceIdSchema } from './input.ts';
import { definedOnly } from './defined-only.ts';

export const eventDetailSchema = z
  .enum(EVENT_DETAILS, { error: `must be one of ${EVENT_DETAILS.join(', ')}` })
  .describe('What is asked of Google about an event, and kept');

const writingSchema = z
  .boolean({ error: 'must be true or false' })
  .describe('Whether the scope to change events is asked for when an account is connected');

const narrativeSchema = z
  .boolean({ error: 'must be true or false' })
  .describe('Whether agendas may be sent to the operator’s language model, to be told in words');

const CHOSEN_STATUSES = ['active', 'paused'] as const;

export const newWorkspace = z.object({
  id: workspaceIdSchema,
  name: nameSchema.optional().describe('What people call it'),
  timeZone: timeZoneSchema,
  eventDetail: eventDetailSchema.optional(),
  writing: writingSchema.optional(),
  narrative: narrativeSchema.optional(),
});

/** Longer than a wait for one lock. */
const LONGEST_CHANGE_MS = 60_000;

export const workspaceChanges = z
  .strictObject({
    name: nameSchema.nullish().describe('What people call it. Null: nothing but its ID'),
    timeZone: timeZoneSchema.optional(),
    status: z
      .enum(CHOSEN_STATUSES, { error: `must be one of ${CHOSEN_STATUSES.join(', ')}` })
      .optional()
      .describe('`paused`: neither synced nor planned until it is `active` again'),
    eventDetail: eventDetailSchema.optional(),
    writing: writingSchema.optional(),
    narrative: narrativeSchema.optional(),
  })
  .refine((changes) => Object.values(changes).some((change) => change !== undefined), {
    path: ['eventDetail'],
    error: 'must be given, or another choice',
  });

export const workspaceSchema = z.object({
  id: workspaceIdSchema,
  name: z.string().nullable().describe('What people call it'),
  timeZone: z.string().describe('IANA time zone'),
  status: z.enum(WORKSPACE_STATUSES).describe('`deleting`: only the list of all workspaces still has it'),
  eventDetail: eventDetailSchema,
  writing: writingSchema,
  narrative: narrativeSchema,
  accounts: z.int(),
  calendars: z.int(),
  createdAt: z.iso.datetime(),
});
export type WorkspaceSummary = z.infer<typeof workspaceSchema>;

/** @throws AlreadyExistsError when the ID is taken. */
export async function createWorkspace(
  database: Database,
  input: z.input<typeof newWorkspace>,
): Promise<WorkspaceSummary> {
  const workspace = parseInput(newWorkspace, input);
  const { count } = await database.workspace.createMany({ data: [workspace], skipDuplicates: true });
  if (count === 0) throw new AlreadyExistsError(`Workspace ${workspace.id} already exists.`);
  const created = await database.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  return toSummary({ ...created, _count: { accounts: 0, calendars: 0 } });
}

const COUNTS = {
  _count: { select: { accounts: true, calendars: { where: { status: { not: 'removed' } } } } },
} as const;

function toSummary({
  id,
  name,
  timeZone,
  status,
  eventDetail,
  writing,
  narrative,
  createdAt,
  _count,
}: {
  id: string;
  name: string | null;
  timeZone: string;
  status: string;
  eventDetail: string;
  writing: boolean;
  narrative: boolean;
  createdAt: Date;
  _count: { accounts: number; calendars: number };
}): WorkspaceSummary {
  return {
    id,
    name,
    timeZone,
    status: workspaceSchema.shape.status.parse(status),
    eventDetail: eventDetailSchema.parse(eventDetail),
    writing,
    narrative,
    accounts: _count.accounts,
    calendars: _count.calendars,
    createdAt: createdAt.toISOString(),
  };
}

/** @throws WorkspaceNotFoundError when there is no such workspace. */
export async function readWorkspace(database: Database, workspaceId: string): Promise<WorkspaceSummary> {
  const { id } = await requireWorkspace(database, workspaceId);
  return toSummary(await database.workspace.findUniqueOrThrow({ where: { id }, include: COUNTS }));
}

/**
 * Changes the choices of a workspace. `eventDetail` makes every polled calendar due at once, which lists in full
 * if its last listing had another detail: see `claimPage`. So does the end of a pause, because push was ignored.
 * `writing` concerns sign-ins that begin later, `timeZone` the next plan and the next read, `narrative`
 * the next agenda.
 * @throws WorkspaceNotFoundError when there is no such workspace.
 * @throws BusyError when a page is not committed within the wait. The choice is made all the same, and
 *   calendars list in full at their next poll.
 */
export async function changeWorkspace(
  database: Database,
  workspaceId: string,
  changes: z.input<typeof workspaceChanges>,
): Promise<WorkspaceSummary> {
  const { id } = await requireWorkspace(database, workspaceId);
  const data = parseInput(workspaceChanges, changes);
  const { count } = await database.workspace.updateMany({
    where: { id, status: { not: 'deleting' } },
    data: definedOnly(data),
  });
  if (count === 0) throw new WorkspaceNotFoundError(id);
  // After the choice is committed, so that a listing that began later has read it. One that is running ends
  // with the detail it began with, and its calendar stays due.
  if (data.eventDetail !== undefined || data.status === 'active') await makeDue(database, id);
  return readWorkspace(database, id);
}

async function makeDue(database: Database, workspaceId: string): Promise<void> {
  const change = (transaction: Transaction) => transaction.$executeRaw`
    update calendar_sync_states
    set notified_at = clock_timestamp(), next_sync_at = least(next_sync_at, now())
    where workspace_id = ${workspaceId} and next_sync_at is not null`;
  try {
    await withLimitedWait(database, `Workspace ${workspaceId}`, change, LONGEST_CHANGE_MS);
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    throw new BusyError(
      `The choice is made, but workspace ${workspaceId} is being synced, so its calendars change at their next poll: choose again to make them due at once.`,
    );
  }
}

export interface WorkspaceFilter {
  /** Beginning of the ID or of the name, in any case. */
  search?: string | undefined;
  /** Only these. Default: all. */
  ids?: readonly string[] | undefined;
}

/** One page of all workspaces, ordered by ID. */
export async function pageOfWorkspaces(
  database: Database,
  { search, ids, ...request }: PageRequest<string> & WorkspaceFilter,
): Promise<Page<WorkspaceSummary, string>> {
  const beginning = search === undefined ? null : `${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const { rows, ...page } = await readPage(
    request,
    // In counts by row, not by table, a page costs the same however many workspaces there are.
    async (after, take) => database.$queryRaw<ListedRow[]>`
      select w.id, w.name, w.time_zone as "timeZone", w.status, w.event_detail as "eventDetail", w.writing,
        w.narrative, w.created_at as "createdAt",
        (select count(*)::int from calendar_auth_tokens a where a.workspace_id = w.id) as accounts,
        (select count(*)::int from calendars c where c.workspace_id = w.id and c.status <> 'removed') as calendars
      from workspaces w
      where w.id > ${after ?? ''}
        and (${beginning}::text is null or w.id ilike ${beginning} or w.name ilike ${beginning})
        ${ids === undefined ? Prisma.empty : Prisma.sql`and w.id = any(${[...ids]}::text[])`}
      order by w.id limit ${take}::int`,
    ({ id }) => id,
  );
  return {
    ...page,
    rows: rows.map(({ accounts, calendars, ...row }) =>
      toSummary({ ...row, _count: { accounts, calendars } }),
    ),
  };
}

type ListedRow = Omit<Parameters<typeof toSummary>[0], '_count'> & { accounts: number; calendars: number };

/** Rows of every page of `pageOfWorkspaces`. */
export async function listWorkspaces(database: Database): Promise<WorkspaceSummary[]> {
  return readAllPages((page: PageRequest<string>) => pageOfWorkspaces(database, page));
}

/**
 * @throws WorkspaceNotFoundError when there is no such workspace, or it is being deleted; InvalidInputError when
 *   the ID is malformed.
 */
export async function requireWorkspace(
  database: Database | Transaction,
  workspaceId: string,
): Promise<{ id: string; timeZone: string; status: string }> {
  const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const workspace = await database.workspace.findUnique({
    where: { id, status: { not: 'deleting' } },
    select: { id: true, timeZone: true, status: true },
  });
  if (workspace) return workspace;
  throw new WorkspaceNotFoundError(id);
}

/**
 * Requires a workspace for which work may be started.
 * @throws WorkspaceNotFoundError, InvalidInputError as `requireWorkspace` does; WorkspacePausedError.
 */
export async function requireActiveWorkspace(
  database: Database | Transaction,
  workspaceId: string,
): Promise<{ id: string; timeZone: string }> {
  const { status, ...workspace } = await requireWorkspace(database, workspaceId);
  if (status === 'paused') throw new WorkspacePausedError(workspace.id);
  return workspace;
}

/**
 * Whether the workspace wants its accounts' events to be changed through Almanac.
 * @throws WorkspaceNotFoundError when there is no such workspace.
 */
export async function readWriting(database: Database | Transaction, workspaceId: string): Promise<boolean> {
  const workspace = await database.workspace.findUnique({
    where: { id: workspaceId, status: { not: 'deleting' } },
    select: { writing: true },
  });
  if (workspace === null) throw new WorkspaceNotFoundError(workspaceId);
  return workspace.writing;
}
