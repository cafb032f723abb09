import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toProblem } from './problem.ts';
import { SESSION_KEY } from './session.ts';

const FRESH_MS = 2_000;
const MOST_RETRIES = 2;
const FIRST_SERVER_ERROR = 500;
const UNAUTHENTICATED = 401;

/** A session that has ended shows the sign-in page: see layout/shell.tsx. */
function noticeEndOfSession(error: unknown): void {
  if (toProblem(error).status === UNAUTHENTICATED) queryClient.setQueryData(SESSION_KEY, null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndOfSession }),
  mutationCache: new MutationCache({ onError: noticeEndOfSession }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Refusals stay refusals; what is away comes back.
      retry: (count, error) => {
        const { status } = toProblem(error);
        return count < MOST_RETRIES && (status === 0 || status >= FIRST_SERVER_ERROR);
      },
    },
  },
});
