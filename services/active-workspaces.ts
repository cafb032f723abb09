import { Prisma } from '../prisma/generated/client.ts';

/**
 * A query condition: whether a workspace is active. Few are not, so Postgres reads them once, from an index.
 * @param column name of the column with the workspace's ID; not escaped
 */
export function isActiveWorkspace(column: string): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(column)} not in (select inactive.id from workspaces inactive where inactive.status <> 'active')`;
}
