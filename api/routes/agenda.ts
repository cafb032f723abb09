import { z } from 'zod';
import { agendaReport } from '../../services/reports/agenda-lines.ts';
import { agendaSchema } from '../../services/reports/agenda.ts';
import { agendaDaySchema, readAgenda } from '../../services/reports/read-agenda.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { inAcceptedForm, REPORT_FORMS, reportResponse } from '../report-forms.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

/** The agenda of a day. */
export const agendaRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/agenda`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readAgenda',
        tags: ['Events'],
        summary: 'Events, planned blocks and conflicts of a day, and what did not fit into the plan',
        description: REPORT_FORMS,
        params: workspaceParams,
        querystring: z.object({
          day: agendaDaySchema.optional().describe("A day in the workspace's time zone. Default: today"),
        }),
        response: { 200: reportResponse('The agenda', agendaSchema) },
      },
    },
    async (request, reply) => {
      const agenda = await readAgenda(request.database, request.params.workspaceId, request.query.day);
      return inAcceptedForm(request, reply, agenda, agendaReport);
    },
  );
};
