import { z } from 'zod';

const LONGEST_PARAMETER = 2_048;

const parameter = z.string().min(1).max(LONGEST_PARAMETER);

const answerSchema = z.union([
  z.object({ state: parameter, code: parameter }),
  z.object({ state: parameter, error: parameter }),
]);

/** Google's answer in the redirect URI: a code, or an error. */
export type RedirectAnswer = z.infer<typeof answerSchema>;

/** Parses Google's answer; null if it is none. A repeated parameter was tampered with. */
export function readRedirect(query: URLSearchParams): RedirectAnswer | null {
  const repeated = ['state', 'code', 'error'].some((name) => query.getAll(name).length > 1);
  if (repeated || query.has('code') === query.has('error')) return null;
  return answerSchema.safeParse(Object.fromEntries(query)).data ?? null;
}
