import { z } from 'zod';
import { dateSchema } from '../../services/planning/fields.ts';
import { habitChanges, newHabit } from '../../services/planning/habit-fields.ts';
import {
  changeHabit,
  createHabit,
  habitSchema,
  pageOfHabits,
  readHabit,
  removeHabit,
  skipHabit,
} from '../../services/planning/habits.ts';
import { madeSchema } from '../../services/planning/order-of-making.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  LIST_PAGES,
  listQuery,
  removedSchema,
  sendList,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const tags = ['Habits'];

const habitParams = workspaceParams.extend({ habitId: uuid('the habit') });
const skipParams = habitParams.extend({ day: dateSchema.describe('A date, such as 2026-01-05') });
const PATH = `${WORKSPACE_PATH}/habits`;
const SKIP_PATH = `${PATH}/:habitId/skips/:day`;

/** Repeated work, at most once a day. */
export const habitRoutes: ApiRoutes = async (app) => {
  app.get(
    PATH,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listHabits',
        tags,
        summary: 'The habits of a workspace, in order of creation',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(madeSchema),
        response: { 200: z.array(habitSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfHabits(request.database, request.params.workspaceId, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.post(
    PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'createHabit',
        tags,
        summary: 'Add a habit',
        params: workspaceParams,
        body: newHabit.strict(),
        response: { 201: habitSchema },
      },
    },
    async (request, reply) => {
      const added = await createHabit(request.database, request.params.workspaceId, request.body);
      return reply.code(201).send(added);
    },
  );

  app.get(
    `${PATH}/:habitId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readHabit',
        tags,
        summary: 'One habit',
        params: habitParams,
        response: { 200: habitSchema },
      },
    },
    async (request) => {
      const { workspaceId, habitId } = request.params;
      return readHabit(request.database, workspaceId, habitId);
    },
  );

  app.patch(
    `${PATH}/:habitId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'changeHabit',
        tags,
        summary: 'Change the given fields of a habit; null clears a field',
        params: habitParams,
        body: habitChanges.strict(),
        response: { 200: habitSchema },
      },
    },
    async (request) => {
      const { workspaceId, habitId } = request.params;
      return changeHabit(request.database, workspaceId, habitId, request.body);
    },
  );

  app.delete(
    `${PATH}/:habitId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'removeHabit',
        tags,
        summary: 'Delete a habit; the next plan removes its future blocks',
        params: habitParams,
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { workspaceId, habitId } = request.params;
      await removeHabit(request.database, workspaceId, habitId);
      return { removed: habitId };
    },
  );

  for (const [method, skipped] of [['PUT', true] as const, ['DELETE', false] as const])
    app.route({
      method,
      url: SKIP_PATH,
      config: { access: 'workspace' },
      schema: {
        operationId: skipped ? 'skipHabit' : 'unskipHabit',
        tags,
        summary: skipped ? 'Skip a habit on one day' : 'Undo a skip',
        params: skipParams,
        response: { 200: habitSchema },
      },
      handler: async (request) => {
        const { workspaceId, habitId, day } = request.params;
        return skipHabit(request.database, workspaceId, habitId, { day, skipped });
      },
    });
};
