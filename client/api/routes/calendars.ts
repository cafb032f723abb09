import { z } from 'zod';
import { pageOfCalendars, setCalendarEnabled } from '../../calendars.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList, uuid, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Calendars'];

const calendarSchema = z.object({
  id: uuid('the calendar'),
  workspaceId: z.string(),
  accountId: uuid('its account'),
  googleCalendarId: z.string(),
  summary: z.string(),
  timeZone: z.string(),
  accessRole: z.string().describe('`owner`, `writer`, `reader` or `freeBusyReader`'),
  primary: z.boolean(),
  enabled: z.boolean(),
  status: z
    .string()
    .describe('`active`, `inaccessible` (Google no longer shows it to the account) or `removed`'),
});

export const calendarRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/calendars`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listCalendars',
        tags,
        summary: 'The calendars of a workspace, disabled and lost ones too',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(z.guid().toLowerCase()),
        response: { 200: z.array(calendarSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await request.withDatabase((database) =>
        pageOfCalendars(database, request.params.workspaceId, { limit, after }),
      );
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
        summary: 'Switch a calendar on or off',
        description:
          'Switched off, it is no longer synced and its events are hidden, not deleted. Switched on again, they are visible at once and the calendar is due.',
        params: workspaceParams.extend({ calendarId: uuid('the calendar') }),
        body: z.strictObject({ enabled: z.boolean({ error: 'must be true or false' }) }),
        response: { 200: calendarSchema },
      },
    },
    async (request) => {
      const { workspaceId, calendarId } = request.params;
      return request.withDatabase((database) =>
        setCalendarEnabled(database, calendarId, request.body.enabled, workspaceId),
      );
    },
  );
};
