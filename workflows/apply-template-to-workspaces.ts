import { continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { MAX_SAMPLE_FAILURES } from '../contracts/fan-out.ts';
import type {
  ApplyTemplateInput,
  ApplyTemplatePageResult,
  TemplateTargets,
  TemplateTotals,
} from '../contracts/templates.ts';
import { database } from './activities.ts';
import { checkApplyTemplateInput } from './input/apply-template.ts';
import { templateProgress } from './messages.ts';

/**
 * Makes the tasks and habits of a template in many workspaces: page after page in ID order, or those of
 * `workspaceIds`. A page is one activity, because each workspace takes milliseconds of Postgres and nothing else. A
 * workspace in which it fails does not stop the others. Workflow ID `template-application/{applicationId}`.
 */
export async function applyTemplateToWorkspaces(untrusted: ApplyTemplateInput): Promise<TemplateTotals> {
  const input = checkApplyTemplateInput(untrusted);
  const { applicationId, template, start, workspaceIds } = input;
  const totals = input.resume?.totals ?? { applied: 0, skipped: 0, failed: 0, sampleFailures: [] };
  let left: number | null = null;
  setHandler(templateProgress, () => ({ ...totals, left }));
  let targets: TemplateTargets | null =
    input.resume?.targets ??
    (workspaceIds === undefined ? { after: null } : { workspaceIds: [...new Set(workspaceIds)] });
  while (targets !== null) {
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof applyTemplateToWorkspaces>({ ...input, resume: { targets, totals } });
    }
    const page: ApplyTemplatePageResult = await database.applyTemplatePage({
      applicationId,
      template,
      start,
      targets,
    });
    for (const name of ['applied', 'skipped', 'failed'] as const) totals[name] += page.totals[name];
    const room = MAX_SAMPLE_FAILURES - totals.sampleFailures.length;
    totals.sampleFailures.push(...page.totals.sampleFailures.slice(0, room));
    ({ targets, left } = page);
    setCurrentDetails(`Workspaces: ${totals.applied} done, ${totals.failed} failed, ${left} left`);
  }
  return totals;
}
