const REQUEST_TIMEOUT_MS = 10_000;
const BAD_REQUEST = 400;

/**
 * Gives a grant back to Google. Every token that this user has given our OAuth client ends with it. The token goes in
 * the body: a URL would be written to the logs on the way.
 * @returns whether Google no longer accepts the grant; one that it has ended already counts.
 */
export async function revokeGrant(revokeUrl: string, refreshToken: string): Promise<boolean> {
  try {
    const response = await fetch(revokeUrl, {
      method: 'POST',
      body: new URLSearchParams({ token: refreshToken }),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.ok) {
      await response.body?.cancel();
      return true;
    }
    return response.status === BAD_REQUEST && isInvalidToken(await response.json());
  } catch {
    return false;
  }
}

function isInvalidToken(answer: unknown): boolean {
  return (answer as { error?: unknown } | null)?.error === 'invalid_token';
}
