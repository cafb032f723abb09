import type { ApplyTemplatePageInput, ApplyTemplatePageResult } from '../contracts/templates.ts';
import { applyTemplatePage } from '../services/planning/apply-template-page.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Makes a template in the next workspaces of an application. */
export function createApplyTemplatePage({ database }: ActivityDependencies) {
  return async (input: ApplyTemplatePageInput): Promise<ApplyTemplatePageResult> =>
    applyTemplatePage(database, input);
}
