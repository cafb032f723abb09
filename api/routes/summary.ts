import { z } from 'zod';
import { isoWeekSchema } from '../../services/reports/iso-week.ts';
import { readSummary } from '../../services/reports/read-summary.ts';
import { summaryReport } from '../../services/reports/summary-lines.ts';
import { summarySchema } from '../../services/reports/summary.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { inAcceptedForm, REPORT_FORMS, reportResponse } from '../report-forms.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

/** The summary of a week. */
export const summaryRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/summary`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readSummary',
        tags: ['Events'],
        summary: 'Meetings, focus time, kept blocks and done habits of a week',
        description: REPORT_FORMS,
        params: workspaceParams,
        querystring: z.object({
          week: isoWeekSchema
            .optional()
            .describe(
              "An ISO week in the workspace's time zone, such as 2026-W48. Default: the last full week",
            ),
        }),
        response: { 200: reportResponse('The summary', summarySchema) },
      },
    },
    async (request, reply) => {
      const summary = await readSummary(request.database, request.params.workspaceId, request.query.week);
      return inAcceptedForm(request, reply, summary, summaryReport);
    },
  );
};
