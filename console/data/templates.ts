import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import type { Answer, paths } from './types.ts';

export type TemplateSummary = Answer<'/api/v1/templates'>[number];
export type Template = paths['/api/v1/templates']['post']['requestBody']['content']['application/json'];
export type TemplateTask = NonNullable<Template['tasks']>[number];
export type TemplateHabit = NonNullable<Template['habits']>[number];
type Application =
  paths['/api/v1/templates/{template}/apply']['post']['requestBody']['content']['application/json'];

const REFRESH_MS = 3 * LIVE_MS;
const AGAIN_MS = 1_000;

const of = (template: string) => ({ params: { path: { template } } });

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  refetchInterval: REFRESH_MS,
  queryFn: () => unwrap(api.GET('/api/v1/templates')),
});

export const templateOf = (name: string | null) =>
  queryOptions({
    queryKey: ['templates', name],
    enabled: name !== null,
    queryFn: () => unwrap(api.GET('/api/v1/templates/{template}', of(name!))),
  });

/** Progress of a template that is made in many workspaces, until it ends. */
export const applicationOf = (applicationId: string | null) =>
  queryOptions({
    queryKey: ['template-applications', applicationId],
    enabled: applicationId !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' || !state.data ? AGAIN_MS : false),
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/template-applications/{applicationId}', {
          params: { path: { applicationId: applicationId! } },
        }),
      ),
  });

export const templateCalls = {
  create: (body: Template) => unwrap(api.POST('/api/v1/templates', { body })),
  change: ({ name, ...body }: Template) =>
    unwrap(api.PUT('/api/v1/templates/{template}', { ...of(name), body })),
  remove: (name: string) => unwrap(api.DELETE('/api/v1/templates/{template}', of(name))),
  applyToMany: (name: string, body: Application) =>
    unwrap(api.POST('/api/v1/templates/{template}/apply', { ...of(name), body })),
};
