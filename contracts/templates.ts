import { z } from 'zod';

/** Counts of workspaces, and the first failures, at most 20. Never a list per workspace. */
export const templateTotalsSchema = z.object({
  applied: z.int().describe('Workspaces in which it was made'),
  skipped: z.int().describe('Workspaces in which this application had already made it'),
  failed: z.int(),
  sampleFailures: z
    .array(z.object({ workspaceId: z.string(), error: z.string() }))
    .describe('The first failures, at most 20'),
});
export type TemplateTotals = z.infer<typeof templateTotalsSchema>;

/** Answer to the query `progress`. */
export const templateProgressSchema = templateTotalsSchema.extend({
  left: z.int().nullable().describe('Workspaces still to come. Null: not counted yet'),
});
export type TemplateProgress = z.infer<typeof templateProgressSchema>;

/** What an application makes, the same for every workspace. */
export interface TemplateApplication {
  /** UUID. The same one makes nothing twice in a workspace. */
  applicationId: string;
  template: string;
  /** Date from which the template's days count. */
  start: string;
}

/** The workspaces that are left: named ones, or all of them behind one in ID order. */
export type TemplateTargets = { workspaceIds: string[] } | { after: string | null };

/** Input of `applyTemplateToWorkspaces`. */
export interface ApplyTemplateInput extends TemplateApplication {
  /** At most `MAX_WORKSPACE_IDS`. Default: every workspace. */
  workspaceIds?: string[];
  correlationId?: string;
  /** Set by continue-as-new only. */
  resume?: { targets: TemplateTargets; totals: TemplateTotals };
}

export interface ApplyTemplatePageInput extends TemplateApplication {
  targets: TemplateTargets;
}

export interface ApplyTemplatePageResult {
  totals: TemplateTotals;
  /** Null: nothing is left. */
  targets: TemplateTargets | null;
  left: number;
}
