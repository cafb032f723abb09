/** What a client can tell of a refused call. */
export interface Failure {
  status: number | undefined;
  code: unknown;
  reason: string | undefined;
  location: string | undefined;
  body: unknown;
  retryAfter: string | null;
}

interface GaxiosLike {
  code?: unknown;
  response?: { status: number; data: unknown; headers: Headers };
}

/** Waits for a call to fail and says how; fails itself if the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { code, response } = error as GaxiosLike;
    const body = response?.data as
      { error?: { errors?: { reason: string; location?: string }[] } } | undefined;
    const first = body?.error?.errors?.[0];
    return {
      status: response?.status,
      code,
      reason: first?.reason,
      location: first?.location,
      body,
      retryAfter: response?.headers.get('retry-after') ?? null,
    };
  }
  throw new Error('The call succeeded.');
}
