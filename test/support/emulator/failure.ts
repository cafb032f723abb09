import { z } from 'zod';

/** A refused call, as a client sees it. */
export interface Failure {
  status: number | undefined;
  code: unknown;
  reason: string | undefined;
  location: string | undefined;
  body: unknown;
  retryAfter: string | null;
}

/** The parts of the client's error that it documents. */
const failed = z.object({
  code: z.unknown(),
  response: z
    .object({ status: z.number(), data: z.unknown(), headers: z.custom<Pick<Headers, 'get'>>() })
    .optional(),
});

const envelope = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string(), location: z.string().optional() })) }),
});

/** Waits for a call to fail and says how; fails itself if the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { code, response } = failed.parse(error);
    const first = envelope.safeParse(response?.data).data?.error.errors[0];
    return {
      status: response?.status,
      code,
      reason: first?.reason,
      location: first?.location,
      body: response?.data,
      retryAfter: response?.headers.get('retry-after') ?? null,
    };
  }
  throw new Error('The call succeeded.');
}
