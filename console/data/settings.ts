import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import { scoped } from './scope.ts';
import type { Answer, paths } from './types.ts';

export type ConsoleSession = Answer<'/api/v1/sessions'>[number];
export type Notifier = Answer<'/api/v1/notifiers'>[number];
export type NotifierMessage = Answer<'/api/v1/notifiers/{notifierId}/messages'>[number];
export type EmbedLink = Answer<'/api/v1/workspaces/{workspaceId}/embed-links'>[number];

const REFRESH_MS = 3 * LIVE_MS;
const MESSAGES_SHOWN = 100;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => unwrap(api.GET('/api/v1/me')),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  refetchInterval: REFRESH_MS,
  queryFn: () => unwrap(api.GET('/api/v1/sessions')),
});

export const notifiersOf = (workspaceId: string | undefined) =>
  queryOptions({
    queryKey: ['notifiers', workspaceId ?? null],
    refetchInterval: REFRESH_MS,
    queryFn: () => unwrap(api.GET(scoped(workspaceId, '/api/v1/notifiers'))),
  });

export const embedLinksOf = (workspaceId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'embed-links'],
    refetchInterval: REFRESH_MS,
    queryFn: () =>
      unwrap(api.GET('/api/v1/workspaces/{workspaceId}/embed-links', { params: { path: { workspaceId } } })),
  });

export const notifierMessagesOf = (workspaceId: string | undefined, notifierId: string) =>
  queryOptions({
    queryKey: ['notifiers', workspaceId ?? null, notifierId, 'messages'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET(scoped(workspaceId, '/api/v1/notifiers/{notifierId}/messages'), {
          params: { path: { notifierId }, query: { limit: MESSAGES_SHOWN } },
        }),
      ),
  });

export type NewNotifier = Required<
  paths['/api/v1/notifiers']['post']['requestBody']['content']['application/json']
>;
/** What can be changed later. */
export type NotifierFields = Omit<NewNotifier, 'kind' | 'target'>;

/** What can be done with the notifiers of a scope. */
export function notifierCalls(workspaceId: string | undefined) {
  const path = '/api/v1/notifiers/{notifierId}' as const;
  return {
    create: (body: NewNotifier) => unwrap(api.POST(scoped(workspaceId, '/api/v1/notifiers'), { body })),
    change: (notifierId: string, body: NotifierFields) =>
      unwrap(api.PATCH(scoped(workspaceId, path), { params: { path: { notifierId } }, body })),
    confirm: (notifierId: string, code: string) =>
      unwrap(
        api.POST(scoped(workspaceId, `${path}/confirm`), {
          params: { path: { notifierId } },
          body: { code },
        }),
      ),
    sendCode: (notifierId: string) =>
      unwrap(api.POST(scoped(workspaceId, `${path}/send-code`), { params: { path: { notifierId } } })),
    setStatus: (notifierId: string, status: 'active' | 'paused') =>
      unwrap(api.PATCH(scoped(workspaceId, path), { params: { path: { notifierId } }, body: { status } })),
    remove: (notifierId: string) =>
      unwrap(api.DELETE(scoped(workspaceId, path), { params: { path: { notifierId } } })),
    test: (notifierId: string) =>
      unwrap(api.POST(scoped(workspaceId, `${path}/test`), { params: { path: { notifierId } } })),
  };
}
