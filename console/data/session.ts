import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { ProblemError } from './problem.ts';
import type { Answer } from './types.ts';

export type Session = Answer<'/api/v1/session'>;

export const SESSION_KEY = ['session'] as const;
const UNAUTHENTICATED = 401;

/** Null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  staleTime: Infinity,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await unwrap(api.GET('/api/v1/session'));
    } catch (error) {
      if (error instanceof ProblemError && error.status === UNAUTHENTICATED) return null;
      throw error;
    }
  },
});

/** With an API key or the admin secret, or with the token of a sign-in link, which works once. */
export type Proof = { key: string } | { signInToken: string };

export const signIn = (proof: Proof): Promise<Session> =>
  unwrap(api.POST('/api/v1/session', { body: proof }));

export const signOut = () => unwrap(api.DELETE('/api/v1/session'));

/** The workspace that the session is confined to; null for admins. */
export function onlyWorkspace(session: Session): string | null {
  return session.scope === 'admin' ? null : session.scope.workspaceId;
}
