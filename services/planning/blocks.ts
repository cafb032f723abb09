import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { InvalidInputError, NotInWorkspaceError } from '../errors.ts';
import { listedId, parseInput } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { instant, positionInstant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { formatInstant } from '../../contracts/instants.ts';

const blockIdSchema = listedId('must be a block UUID');

export const blockSchema = z.object({
  id: uuid('the block'),
  workspaceId: z.string(),
  kind: z.enum(['task', 'habit']),
  refId: z.string().nullable().describe('The task or habit; null once it is gone'),
  title: z.string().nullable(),
  start: instant,
  end: instant,
  chunk: z.object({ index: z.int(), of: z.int() }),
  pinned: z.boolean(),
  pinnedBecause: z
    .enum(['moved', 'resized', 'locked', 'meeting', 'started', 'done'])
    .nullable()
    .describe('`meeting`: it repeats or has guests'),
  status: z
    .enum(['planned', 'writing', 'written', 'declined', 'released', 'deleted'])
    .describe('`planned` and `writing` are on their way to Google, `written` is there, `released` leaves it'),
});
type BlockSummary = z.infer<typeof blockSchema>;

const WITH_TITLE = { task: { select: { title: true } }, habit: { select: { title: true } } } as const;
/** Statuses of blocks that are listed and can be pinned. */
const LIVE = ['planned', 'writing', 'written', 'released'];

export const blockPositionSchema = z.object({ startAt: positionInstant, id: z.guid().toLowerCase() });
type BlockPosition = z.infer<typeof blockPositionSchema>;

/** One page of the blocks that have not ended, ordered by start. */
export async function pageOfBlocks(
  database: Database,
  workspaceId: string,
  request: PageRequest<BlockPosition>,
  now?: Date,
): Promise<Page<BlockSummary, BlockPosition>> {
  await requireWorkspace(database, workspaceId);
  const at = now ?? (await readClock(database));
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.scheduledBlock.findMany({
        where: { workspaceId, status: { in: LIVE }, endAt: { gt: at }, ...beginningAfter(after) },
        omit: { reason: true },
        include: WITH_TITLE,
        orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
        take,
      }),
    ({ startAt, id }) => ({ startAt: startAt.toISOString(), id }),
  );
  return { ...page, rows: rows.map(toSummary) };
}

function beginningAfter(after: BlockPosition | undefined) {
  if (after === undefined) return {};
  const startAt = new Date(after.startAt);
  return { startAt: { gte: startAt }, OR: [{ startAt: { gt: startAt } }, { id: { gt: after.id } }] };
}

/** Rows of every page of `pageOfBlocks`. */
export async function listBlocks(
  database: Database,
  workspaceId: string,
  now?: Date,
): Promise<BlockSummary[]> {
  const at = now ?? (await readClock(database));
  return readAllPages((page: PageRequest<BlockPosition>) => pageOfBlocks(database, workspaceId, page, at));
}

/**
 * Locks a block in its place, or lets the planner move it again.
 * @throws NotFoundError when the workspace has no such block, InvalidInputError when it has begun.
 */
export async function setBlockPinned(
  database: Database,
  workspaceId: string,
  blockId: string,
  pinned: boolean,
  now?: Date,
): Promise<BlockSummary> {
  await requireWorkspace(database, workspaceId);
  const id = parseInput(blockIdSchema, blockId, 'block');
  const found = await database.scheduledBlock.findFirst({ where: { id, workspaceId, status: { in: LIVE } } });
  if (found === null) throw new NotInWorkspaceError(workspaceId, 'block', id);
  if (found.startAt <= (now ?? (await readClock(database))))
    throw new InvalidInputError('block', 'must not have begun: a block that has begun stays where it is');
  if (!pinned && found.pinnedBecause === 'meeting')
    throw new InvalidInputError(
      'block',
      'must not repeat or have guests: change that in Google Calendar, then sync and plan again',
    );
  // A block that is already pinned keeps its reason.
  const pinnedBecause = pinned ? (found.pinnedBecause ?? 'locked') : null;
  return toSummary(
    await database.scheduledBlock.update({ where: { id }, data: { pinnedBecause }, include: WITH_TITLE }),
  );
}

type BlockRow = Omit<Awaited<ReturnType<Database['scheduledBlock']['findMany']>>[number], 'reason'> & {
  task: { title: string } | null;
  habit: { title: string } | null;
};

function toSummary(block: BlockRow): BlockSummary {
  return {
    id: block.id,
    workspaceId: block.workspaceId,
    kind: block.kind as BlockSummary['kind'],
    refId: block.taskId ?? block.habitId,
    title: (block.task ?? block.habit)?.title ?? null,
    start: formatInstant(block.startAt.getTime()),
    end: formatInstant(block.endAt.getTime()),
    chunk: { index: block.chunkIndex, of: block.chunkOf },
    pinned: block.pinnedBecause !== null,
    pinnedBecause: block.pinnedBecause as BlockSummary['pinnedBecause'],
    status: block.status as BlockSummary['status'],
  };
}
