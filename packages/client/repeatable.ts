/**
 * Writes that take no Idempotency-Key, because their answers are secrets, or because they store nothing. They
 * are sent once: a second attempt could make a second webhook. A test compares them with the OpenAPI document.
 */
const SENT_ONCE = new Set([
  'POST /api/v1/keys',
  'POST /api/v1/session',
  'DELETE /api/v1/session',
  'POST /api/v1/session/sign-in-tokens',
  'POST /api/v1/workspaces/{workspaceId}/accounts/connect',
  'POST /api/v1/workspaces/{workspaceId}/feeds',
  'POST /api/v1/workspaces/{workspaceId}/embed-links',
  'POST /api/v1/workspaces/{workspaceId}/webhooks',
  'POST /api/v1/workspaces/{workspaceId}/webhooks/{webhookId}/rotate-secret',
  'POST /api/v1/webhooks',
  'POST /api/v1/webhooks/{webhookId}/rotate-secret',
  'POST /api/v1/workspaces/{workspaceId}/notifiers',
  'POST /api/v1/notifiers',
  'POST /codec/encode',
  'POST /codec/decode',
  'POST /mcp',
]);
/** A question whose parameters are a body. */
const QUESTIONS = new Set(['POST /api/v1/availability']);

/** How a request may be repeated: freely, under an Idempotency-Key, or not at all. */
export function repetitionOf(method: string, path: string): 'free' | 'with-key' | 'none' {
  const operation = `${method} ${path}`;
  if (method === 'GET' || QUESTIONS.has(operation)) return 'free';
  return SENT_ONCE.has(operation) ? 'none' : 'with-key';
}
