import { z } from 'zod';
import {
  applicationIdSchema,
  applicationStateSchema,
  startedApplicationSchema,
  templateApplicationSchema,
} from '../../client/template-applications.ts';
import {
  appliedTemplateSchema,
  applyTemplate,
  templateStart,
} from '../../services/planning/apply-template.ts';
import { newTemplate, templateContent, templateNameSchema } from '../../services/planning/template-fields.ts';
import {
  changeTemplate,
  createTemplate,
  listTemplates,
  readTemplate,
  removeTemplate,
  templateSummarySchema,
} from '../../services/planning/templates.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Templates'];
const templateParams = z.object({ template: templateNameSchema });
const removedTemplate = z.object({ name: z.string(), removed: z.literal(true) });

/** Sets of tasks and habits for every workspace. */
export const templateRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.get(
    '/templates',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listTemplates',
        tags,
        summary: 'All templates, at most 1,000',
        response: { 200: z.array(templateSummarySchema) },
      },
    },
    async (request) => listTemplates(request.database),
  );

  app.post(
    '/templates',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'createTemplate',
        tags,
        summary: 'Store a named set of tasks and habits, whose days count from the start of each application',
        body: newTemplate,
        response: { 201: newTemplate },
      },
    },
    async (request, reply) => reply.code(201).send(await createTemplate(request.database, request.body)),
  );

  app.get(
    '/templates/:template',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'readTemplate',
        tags,
        summary: 'One template',
        params: templateParams,
        response: { 200: newTemplate },
      },
    },
    async (request) => readTemplate(request.database, request.params.template),
  );

  app.put(
    '/templates/:template',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'changeTemplate',
        tags,
        summary: 'Replace what a template makes; what was made with it stays',
        params: templateParams,
        body: templateContent,
        response: { 200: newTemplate },
      },
    },
    async (request) => changeTemplate(request.database, request.params.template, request.body),
  );

  app.delete(
    '/templates/:template',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'removeTemplate',
        tags,
        summary: 'Delete a template; what was made with it stays',
        params: templateParams,
        response: { 200: removedTemplate },
      },
    },
    async (request) => {
      const { template: name } = request.params;
      await removeTemplate(request.database, name);
      return { name, removed: true as const };
    },
  );

  app.post(
    '/templates/:template/apply',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'applyTemplateToWorkspaces',
        tags,
        summary: 'Make the tasks and habits of a template in many workspaces: the named ones, or all',
        params: templateParams,
        body: templateApplicationSchema,
        response: { 202: startedApplicationSchema },
      },
    },
    async (request, reply) => {
      const { template } = request.params;
      return reply
        .code(202)
        .send(await dependencies.almanac.applyTemplateToMany(template, request.body, request.id));
    },
  );

  app.get(
    '/template-applications/:applicationId',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'readTemplateApplication',
        tags,
        summary: 'Progress of a template that is made in many workspaces, and its totals in the end',
        params: z.object({ applicationId: applicationIdSchema }),
        response: { 200: applicationStateSchema },
      },
    },
    async (request) => dependencies.almanac.readApplication(request.params.applicationId),
  );

  app.post(
    `${WORKSPACE_PATH}/templates/:template/apply`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'applyTemplate',
        tags,
        summary: 'Make the tasks and habits of a template, all or none',
        params: workspaceParams.extend(templateParams.shape),
        body: z.strictObject({ start: templateStart }),
        response: { 201: appliedTemplateSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, template } = request.params;
      const handles = { database: request.database, shared: dependencies.database };
      const applied = await applyTemplate(handles, workspaceId, { template, ...request.body });
      return reply.code(201).send(applied);
    },
  );
};
