import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import { scoped } from './scope.ts';
import type { Answer, paths } from './types.ts';

export type Webhook = Answer<'/api/v1/webhooks'>[number];
export type Delivery = Answer<'/api/v1/webhooks/{webhookId}/deliveries'>[number];

const DELIVERIES_SHOWN = 25;

export const webhooksOf = (workspaceId: string | undefined) =>
  queryOptions({
    queryKey: ['webhooks', workspaceId ?? null],
    refetchInterval: LIVE_MS,
    queryFn: () => unwrap(api.GET(scoped(workspaceId, '/api/v1/webhooks'))),
  });

export const deliveriesOf = (workspaceId: string | undefined, webhookId: string) =>
  queryOptions({
    queryKey: ['webhooks', workspaceId ?? null, webhookId, 'deliveries'],
    refetchInterval: LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/deliveries'), {
          params: { path: { webhookId }, query: { limit: DELIVERIES_SHOWN } },
        }),
      ),
  });

export type NewWebhook = paths['/api/v1/webhooks']['post']['requestBody']['content']['application/json'];
/** What can be chosen when a webhook is made, and changed later. */
export type WebhookFields = Required<Omit<NewWebhook, 'from'>>;

const of = (webhookId: string) => ({ params: { path: { webhookId } } });

/** What can be done with the webhooks of a scope. */
export function webhookCalls(workspaceId: string | undefined) {
  return {
    create: (body: WebhookFields) => unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks'), { body })),
    change: (id: string, body: WebhookFields) =>
      unwrap(api.PATCH(scoped(workspaceId, '/api/v1/webhooks/{webhookId}'), { ...of(id), body })),
    pause: (id: string) =>
      unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/pause'), of(id))),
    resume: (id: string) =>
      unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/resume'), of(id))),
    test: (id: string) => unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/test'), of(id))),
    remove: (id: string) => unwrap(api.DELETE(scoped(workspaceId, '/api/v1/webhooks/{webhookId}'), of(id))),
    rotateSecret: (id: string) =>
      unwrap(
        api.POST(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/rotate-secret'), { ...of(id), body: {} }),
      ),
    replay: (id: string, body: { from: number; workspaceId?: string }) =>
      unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks/{webhookId}/replay'), { ...of(id), body })),
  };
}
