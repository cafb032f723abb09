import type { Database } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';
import { z } from 'zod';
import { formatInstant } from './fields.ts';

const blockIdSchema = z.guid('must be a block UUID, as `almanac block list` shows it');

interface BlockSummary {
  id: string;
  workspaceId: string;
  kind: string;
  /** The task or habit; null once it is gone. */
  refId: string | null;
  title: string | null;
  /** UTC instants. */
  start: string;
  end: string;
  chunk: { index: number; of: number };
  pinned: boolean;
  /** `moved`, `resized`, `locked`, `started` or `done`. */
  pinnedBecause: string | null;
  /** `planned` and `writing` are on their way to Google, `written` is there, `released` has to leave it. */
  status: string;
}

const WITH_TITLE = { task: { select: { title: true } }, habit: { select: { title: true } } } as const;
/** Statuses of blocks that take up time. */
const LIVE = ['planned', 'writing', 'written', 'released'];

/** Blocks that are not over, in order of their start. */
export async function listBlocks(
  database: Database,
  workspaceId: string,
  now?: Date,
): Promise<BlockSummary[]> {
  await requireWorkspace(database, workspaceId);
  const blocks = await database.scheduledBlock.findMany({
    where: { workspaceId, status: { in: LIVE }, endAt: { gt: now ?? (await readClock(database)) } },
    include: WITH_TITLE,
    orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
  });
  return blocks.map(toSummary);
}

/**
 * Locks a block where it is, or lets the planner move it again.
 * @throws NotFoundError when the workspace has no such block, InvalidInputError when it is over.
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
  if (found === null)
    throw new NotFoundError(
      `Workspace ${workspaceId} has no block ${id}: \`almanac block list ${workspaceId}\` lists those there are.`,
    );
  if (found.startAt <= (now ?? (await readClock(database))))
    throw new InvalidInputError('block', 'must not have begun: what has begun stays where it is');
  // A block that is pinned already keeps its reason.
  const pinnedBecause = pinned ? (found.pinnedBecause ?? 'locked') : null;
  return toSummary(
    await database.scheduledBlock.update({ where: { id }, data: { pinnedBecause }, include: WITH_TITLE }),
  );
}

type BlockRow = Awaited<ReturnType<Database['scheduledBlock']['findMany']>>[number] & {
  task: { title: string } | null;
  habit: { title: string } | null;
};

function toSummary(block: BlockRow): BlockSummary {
  return {
    id: block.id,
    workspaceId: block.workspaceId,
    kind: block.kind,
    refId: block.taskId ?? block.habitId,
    title: (block.task ?? block.habit)?.title ?? null,
    start: formatInstant(block.startAt),
    end: formatInstant(block.endAt),
    chunk: { index: block.chunkIndex, of: block.chunkOf },
    pinned: block.pinnedBecause !== null,
    pinnedBecause: block.pinnedBecause,
    status: block.status,
  };
}
