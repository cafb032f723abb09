import { queryOptions } from '@tanstack/react-query';
import { ProblemError } from './problem.ts';
import type { Problem } from './types.ts';

export interface Session {
  sessionId: string;
  scope: 'admin' | { workspaceId: string };
  expiresAt: string;
  /** Temporal's Web UI; null where it is unknown. */
  temporalUiUrl: string | null;
  temporalNamespace: string;
}

export const SESSION_KEY = ['session'] as const;
const UNAUTHENTICATED = 401;

async function ask(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<Session> {
  const answer = await fetch('/api/v1/session', {
    method,
    headers: { 'almanac-csrf': '1', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  if (answer.ok) return json as Session;
  const problem = json as Problem;
  throw new ProblemError(answer.status, problem.detail, problem);
}

/** Null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  staleTime: Infinity,
  queryFn: async (): Promise<Session | null> => {
    try {
      return await ask('GET');
    } catch (error) {
      if (error instanceof ProblemError && error.status === UNAUTHENTICATED) return null;
      throw error;
    }
  },
});

/** With an API key or the admin secret, or with the token of a sign-in link, which works once. */
export type Proof = { key: string } | { signInToken: string };

export const signIn = (proof: Proof): Promise<Session> => ask('POST', proof);

export const signOut = (): Promise<Session> => ask('DELETE');

/** The workspace that the session is confined to; null for admins. */
export function onlyWorkspace(session: Session): string | null {
  return session.scope === 'admin' ? null : session.scope.workspaceId;
}
