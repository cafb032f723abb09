import { z } from 'zod';
import { madeSchema } from '../../services/planning/order-of-making.ts';
import { newTask, taskChanges } from '../../services/planning/task-fields.ts';
import {
  changeTask,
  createTask,
  pageOfTasks,
  readTask,
  removeTask,
  setTaskDone,
  TASK_STATUSES,
  taskSchema,
} from '../../services/planning/tasks.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  flag,
  LIST_PAGES,
  listQuery,
  removedSchema,
  sendList,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const tags = ['Tasks'];

const taskParams = workspaceParams.extend({ taskId: uuid('the task') });
const PATH = `${WORKSPACE_PATH}/tasks`;

/** Tasks that the planner finds time for. */
export const taskRoutes: ApiRoutes = async (app) => {
  app.get(
    PATH,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listTasks',
        tags,
        summary: 'The tasks of a workspace, in order of creation',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(madeSchema).extend({
          all: flag.default(false).describe('Also tasks that are done'),
        }),
        response: { 200: z.array(taskSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, ...filter } = request.query;
      const page = await pageOfTasks(request.database, request.params.workspaceId, { ...filter, after });
      return sendList(request, reply, page);
    },
  );

  app.post(
    PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'createTask',
        tags,
        summary: 'Add a task; without a deadline it is placed as early as it fits',
        params: workspaceParams,
        body: newTask.strict(),
        response: { 201: taskSchema },
      },
    },
    async (request, reply) => {
      const added = await createTask(request.database, request.params.workspaceId, request.body);
      return reply.code(201).send(added);
    },
  );

  app.get(
    `${PATH}/:taskId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readTask',
        tags,
        summary: 'One task',
        params: taskParams,
        response: { 200: taskSchema },
      },
    },
    async (request) => {
      const { workspaceId, taskId } = request.params;
      return readTask(request.database, workspaceId, taskId);
    },
  );

  app.patch(
    `${PATH}/:taskId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'changeTask',
        tags,
        summary: 'Change the given fields of a task; null clears a time',
        params: taskParams,
        body: taskChanges.strict(),
        response: { 200: taskSchema },
      },
    },
    async (request) => {
      const { workspaceId, taskId } = request.params;
      return changeTask(request.database, workspaceId, taskId, request.body);
    },
  );

  app.put(
    `${PATH}/:taskId/status`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'setTaskStatus',
        tags,
        summary: 'Mark a task as done or open; the next plan removes the future blocks of a done task',
        params: taskParams,
        body: z.strictObject({ status: z.enum(TASK_STATUSES, { error: 'must be open or done' }) }),
        response: { 200: taskSchema },
      },
    },
    async (request) => {
      const { workspaceId, taskId } = request.params;
      const done = request.body.status === 'done';
      return setTaskDone(request.database, workspaceId, taskId, done);
    },
  );

  app.delete(
    `${PATH}/:taskId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'removeTask',
        tags,
        summary: 'Delete a task; the next plan removes its future blocks',
        params: taskParams,
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { workspaceId, taskId } = request.params;
      await removeTask(request.database, workspaceId, taskId);
      return { removed: taskId };
    },
  );
};
