import { toJsonb } from '../../mirror/to-jsonb.ts';

/** Plain JSON that Postgres can store, for columns that Prisma writes. */
export function toJson(value: object) {
  return JSON.parse(toJsonb(value)) as Record<string, never>;
}
