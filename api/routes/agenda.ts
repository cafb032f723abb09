import { z } from 'zod';
import { agendaHtml } from '../../services/reports/agenda-html.ts';
import { agendaSchema } from '../../services/reports/agenda.ts';
import { agendaText } from '../../services/reports/agenda-text.ts';
import { agendaDaySchema, readAgenda } from '../../services/reports/read-agenda.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const HTML = 'text/html';
const TEXT = 'text/plain';

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
        description: `With \`Accept: ${TEXT}\` or \`${HTML}\` as text or HTML.`,
        params: workspaceParams,
        querystring: z.object({
          day: agendaDaySchema.optional().describe("A day in the workspace's time zone. Default: today"),
        }),
        response: {
          200: {
            description: 'The agenda',
            content: {
              'application/json': { schema: agendaSchema },
              [TEXT]: { schema: z.string() },
              [HTML]: { schema: z.string() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const agenda = await readAgenda(request.database, request.params.workspaceId, request.query.day);
      void reply.header('vary', 'accept');
      const accept = request.headers.accept ?? '';
      if (accept.includes(HTML)) return reply.type(`${HTML}; charset=utf-8`).send(agendaHtml(agenda));
      if (accept.includes(TEXT)) return reply.type(`${TEXT}; charset=utf-8`).send(agendaText(agenda));
      return agenda;
    },
  );
};
