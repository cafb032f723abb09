import { z } from 'zod';
import { addNarrative } from '../../services/reports/add-narrative.ts';
import { createNarrator } from '../../services/reports/narrator.ts';
import { agendaReport } from '../../services/reports/agenda-lines.ts';
import { agendaSchema } from '../../services/reports/agenda.ts';
import { agendaDaySchema, readAgenda } from '../../services/reports/read-agenda.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { inAcceptedForm, REPORT_FORMS, reportResponse } from '../report-forms.ts';
import { flag, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

/** The agenda of a day. */
export const agendaRoutes: ApiRoutes = async (app, { dependencies: { environment, logger } }) => {
  const narrate = createNarrator(environment, {
    onFailure: (reason) => logger.warn({ reason }, 'An agenda could not be told in words'),
  });
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
          narrative: flag
            .optional()
            .describe(
              'Whether a language model tells the day in words, if the operator has one and the workspace allows it',
            ),
          day: agendaDaySchema.optional().describe("A day in the workspace's time zone. Default: today"),
        }),
        response: { 200: reportResponse('The agenda', agendaSchema) },
      },
    },
    async (request, reply) => {
      const { day, narrative } = request.query;
      const plain = await readAgenda(request.database, request.params.workspaceId, day);
      const agenda = await addNarrative(request.database, plain, narrative === true ? narrate : null);
      return inAcceptedForm(request, reply, agenda, agendaReport);
    },
  );
};
