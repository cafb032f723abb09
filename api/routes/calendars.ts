import { z } from 'zod';
import {
  calendarChanges,
  calendarSchema,
  changeCalendar,
  pageOfCalendars,
} from '../../services/calendars.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Calendars'];

export const calendarRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/calendars`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listCalendars',
        tags,
        summary: 'The calendars of a workspace, including disabled and lost ones',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(z.guid().toLowerCase()),
        response: { 200: z.array(calendarSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfCalendars(request.database, request.params.workspaceId, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.patch(
    `${WORKSPACE_PATH}/calendars/:calendarId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'setCalendarEnabled',
        tags,
        summary: 'Switch a calendar on or off, or say whether it takes up time',
        description:
          'A calendar that is switched off is not synced, and its events are hidden, not deleted. Switching it on makes them visible at once and the calendar due. `takesTime` applies to all its events at once; null restores the default: only calendars that the account owns take up time.',
        params: workspaceParams.extend({ calendarId: uuid('the calendar') }),
        body: calendarChanges
          .strict()
          .refine((changes) => Object.values(changes).some((change) => change !== undefined), {
            path: ['enabled'],
            error: 'must be given, or takesTime',
          }),
        response: { 200: calendarSchema },
      },
    },
    async (request) => {
      const { workspaceId, calendarId } = request.params;
      return changeCalendar(request.database, calendarId, request.body, workspaceId);
    },
  );
};
