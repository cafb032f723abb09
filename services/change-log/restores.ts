import { Prisma } from '../../prisma/generated/client.ts';

/** More changes than a log takes from a backup to its restore. Positions have 15 digits. */
const POSITIONS_PER_RESTORE = 10_000_000_000;
/** More replays than are requested in that time. */
const GENERATIONS_PER_RESTORE = 1_000_000;

const RESTORES = Prisma.sql`coalesce((select restores from installation), 0)`;

/**
 * Position before the first change of a log that begins now. Each restore of the database adds a span, so that
 * no position is ever used for two changes: readers may know positions that the restored log does not have.
 */
export const FIRST_POSITION = Prisma.sql`(${RESTORES}::bigint * ${POSITIONS_PER_RESTORE}::bigint)`;

/** Generation of deliveries that no replay precedes. Receivers may know generations from before a restore. */
export const FIRST_GENERATION = Prisma.sql`(${RESTORES} * ${GENERATIONS_PER_RESTORE}::int)`;
