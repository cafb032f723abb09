import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import { scoped } from './scope.ts';
import type { Answer } from './types.ts';

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

export interface NewWebhook {
  url: string;
  payload: 'thin' | 'full';
}

const of = (webhookId: string) => ({ params: { path: { webhookId } } });

/** What can be done with the webhooks of a scope. */
export function webhookCalls(workspaceId: string | undefined) {
  return {
    create: (body: NewWebhook) => unwrap(api.POST(scoped(workspaceId, '/api/v1/webhooks'), { body })),
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
