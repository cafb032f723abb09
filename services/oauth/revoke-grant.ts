const REQUEST_TIMEOUT_MS = 10_000;
const BAD_REQUEST = 400;

/**
 * Revokes a grant at Google. This ends every token that the user has granted our OAuth client. The token is
 * sent in the body, because URLs end up in logs.
 * @returns whether Google no longer accepts the grant, including one that had already ended
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
