import { requireVariables, type Variables } from '../client/environment.ts';

/** Address at which others reach the API: PUBLIC_URL, or else where it listens. */
export function apiAddress(variables: Variables): string {
  const { PUBLIC_URL, API_HOST, API_PORT } = requireVariables(
    variables,
    'PUBLIC_URL',
    'API_HOST',
    'API_PORT',
  );
  return PUBLIC_URL ?? `http://${API_HOST}:${API_PORT}`;
}
