import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { LIVE_MS } from './queries.ts';
import type { Answer } from './types.ts';

export type ApiKey = Answer<'/api/v1/keys'>[number];

export interface NewKey {
  name: string;
  /** Undefined: valid for every workspace. */
  workspaceId: string | undefined;
  readOnly: boolean;
  /** Undefined: it never expires. */
  expiresInDays: number | undefined;
}

/** More are not shown; the oldest are first. */
const MOST_KEYS = 1_000;

/** Keys of a workspace, or all. */
export const keysOf = (workspaceId: string | undefined) =>
  queryOptions({
    queryKey: ['keys', workspaceId ?? null],
    refetchInterval: 3 * LIVE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/keys', {
          params: { query: { limit: MOST_KEYS, ...(workspaceId !== undefined && { workspaceId }) } },
        }),
      ),
  });

export const createKey = ({ name, workspaceId, readOnly, expiresInDays }: NewKey) =>
  unwrap(
    api.POST('/api/v1/keys', {
      body: {
        name,
        readOnly,
        ...(workspaceId === undefined ? { admin: true } : { workspaceId }),
        ...(expiresInDays !== undefined && { expiresInDays }),
      },
    }),
  );

export const revokeKey = (keyId: string) =>
  unwrap(api.DELETE('/api/v1/keys/{keyId}', { params: { path: { keyId } } }));
