import { MAX_SAMPLE_FAILURES } from '../../contracts/fan-out.ts';
import type { ApplyTemplatePageInput, ApplyTemplatePageResult } from '../../contracts/templates.ts';
import type { Database } from '../../prisma/client.ts';
import { DomainError } from '../errors.ts';
import { applyTemplate } from './apply-template.ts';
import { readTemplate } from './templates.ts';

/** Some milliseconds each: a page ends long before its activity times out. */
const WORKSPACES_PER_PAGE = 25;

/**
 * Makes a template in the next workspaces, one after the other. What it lacks in a workspace, such as room or a type
 * of hours, is counted and does not stop the others. It can be repeated: an application makes nothing twice.
 * @throws NotFoundError when there is no such template
 */
export async function applyTemplatePage(
  database: Database,
  { targets, ...application }: ApplyTemplatePageInput,
): Promise<ApplyTemplatePageResult> {
  await readTemplate(database, application.template);
  const { workspaceIds, rest, left } = await nextPage(database, targets);
  const totals: ApplyTemplatePageResult['totals'] = { applied: 0, skipped: 0, failed: 0, sampleFailures: [] };
  for (const workspaceId of workspaceIds) {
    try {
      const made = await applyTemplate({ database }, workspaceId, application);
      totals[made.isRepeated ? 'skipped' : 'applied'] += 1;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      totals.failed += 1;
      if (totals.sampleFailures.length < MAX_SAMPLE_FAILURES)
        totals.sampleFailures.push({ workspaceId, error: error.code });
    }
  }
  return { totals, targets: rest, left };
}

interface Page {
  workspaceIds: string[];
  rest: ApplyTemplatePageResult['targets'];
  left: number;
}

async function nextPage(database: Database, targets: ApplyTemplatePageInput['targets']): Promise<Page> {
  if ('workspaceIds' in targets) {
    const workspaceIds = targets.workspaceIds.slice(0, WORKSPACES_PER_PAGE);
    const rest = targets.workspaceIds.slice(WORKSPACES_PER_PAGE);
    return { workspaceIds, rest: rest.length === 0 ? null : { workspaceIds: rest }, left: rest.length };
  }
  const rows = await database.$queryRaw<{ id: string; left: number }[]>`
    select id, (count(*) over () - ${WORKSPACES_PER_PAGE}::int)::float8 as left from workspaces
    where status <> 'deleting' and (${targets.after}::text is null or id > ${targets.after}::text)
    order by id limit ${WORKSPACES_PER_PAGE}::int`;
  const left = Math.max(0, rows[0]?.left ?? 0);
  const last = rows.at(-1);
  return {
    workspaceIds: rows.map(({ id }) => id),
    rest: left > 0 && last !== undefined ? { after: last.id } : null,
    left,
  };
}
