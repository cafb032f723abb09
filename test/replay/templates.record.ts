import { afterAll, beforeAll, it } from 'vitest';
import type { ApplyTemplatePageResult } from '../../contracts/templates.ts';
import { templateApplicationWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { RUN, startScriptedStack, type ScriptedStack } from './scripted-stack.ts';

let stack: ScriptedStack;
beforeAll(async () => {
  stack = await startScriptedStack({ 'limit.historyCount.suggestContinueAsNew': '40' });
});
afterAll(() => stack.close());

const INPUT = { applicationId: RUN, template: 'onboarding', start: '2026-12-01' };
const start = (input: object) =>
  stack.start(WorkflowType.applyTemplateToWorkspaces, templateApplicationWorkflowId(RUN), input);

/** Answers of an application with this many pages, each with a failure. */
function followPages(pages: number): void {
  let left = pages;
  stack.follow({
    applyTemplatePage: async (): Promise<ApplyTemplatePageResult> => {
      left -= 1;
      const sampleFailures = [{ workspaceId: `w-${left}`, error: 'quota-exceeded' }];
      return {
        totals: { applied: 24, skipped: 0, failed: 1, sampleFailures },
        targets: left === 0 ? null : { after: `w-${left}` },
        left: left * 25,
      };
    },
  });
}

it('records an application to all workspaces and to named ones, and one that continues as new', async () => {
  followPages(2);
  await stack.record('apply-template', await start(INPUT));
  followPages(1);
  await stack.record('apply-template.named', await start({ ...INPUT, workspaceIds: ['acme', 'globex'] }));
  followPages(25);
  await stack.record('apply-template.continued', await start(INPUT));
});

it('records input that is refused', async () => {
  await stack.record('apply-template.invalid-input', await start({ ...INPUT, start: 'soon' }));
  await stack.record('apply-template.invalid-resume', await start({ ...INPUT, resume: {} }));
});
