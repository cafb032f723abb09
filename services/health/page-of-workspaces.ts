import type { z } from 'zod';
import type { Health } from '../../contracts/health.ts';
import type { Database } from '../../prisma/client.ts';
import type { Page, PageRequest } from '../pages.ts';
import type { StatusOptions } from '../reading/status.ts';
import { pageOfWorkspaces, workspaceSchema, type WorkspaceSummary } from '../workspaces.ts';
import { readWorkspaceHealths, workspaceHealthSchema } from './roll-up.ts';

/** Rows of a page with health, which costs more to read than the rest of a row. */
export const MOST_WITH_HEALTH = 500;

const { health, unhealthy, oldestProvenAt, deadLetters } = workspaceHealthSchema.shape;
/** A workspace of a list, with its health where that was asked for. */
export const listedWorkspaceSchema = workspaceSchema.extend({
  health: health.optional(),
  unhealthy: unhealthy.optional().describe('Calendars that are neither healthy nor disabled'),
  oldestProvenAt: oldestProvenAt.optional(),
  deadLetters: deadLetters.optional().describe('Open dead letters'),
});
type ListedWorkspace = z.infer<typeof listedWorkspaceSchema>;

interface HealthFilter {
  search?: string | undefined;
  /** Only workspaces with one of these. Default: any. */
  healths?: readonly Health[] | undefined;
  /** Finds workspaces by health; may name some that have changed since. */
  idsWith(healths: readonly Health[]): Promise<string[]>;
}

/** One page of all workspaces with their health, ordered by ID. A filtered page may have fewer rows than its limit. */
export async function pageWithHealth(
  database: Database,
  { search, healths, idsWith, ...request }: PageRequest<string> & HealthFilter,
  options: StatusOptions,
): Promise<Page<ListedWorkspace, string>> {
  const ids = healths === undefined ? undefined : await idsWith(healths);
  const { rows, ...page } = await pageOfWorkspaces(database, { ...request, search, ids });
  const found = await readWorkspaceHealths(
    database,
    rows.map(({ id }) => id),
    options,
  );
  const byId = new Map(found.map((one) => [one.id, one]));
  const withHealth = rows.flatMap((row: WorkspaceSummary) => {
    const line = byId.get(row.id);
    if (line === undefined || (healths !== undefined && !healths.includes(line.health))) return [];
    const { calendars: _counted, ...rest } = line;
    return [{ ...row, ...rest }];
  });
  return { ...page, rows: withHealth };
}
