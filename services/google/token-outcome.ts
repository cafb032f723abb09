import { FailureType } from '../../contracts/failure-types.ts';
import type { SyncMode } from '../../contracts/sync-modes.ts';
import type { GoogleCallError } from './google-failure.ts';

type TokenOutcome = 'sync-token-expired' | 'page-token-expired';

/** Outcome of a listing whose failure concerns one of its tokens; null for every other failure. */
export function tokenOutcome(
  error: GoogleCallError,
  mode: SyncMode,
  pageToken: string | null,
): TokenOutcome | null {
  const { status, type, ofTokenEndpoint } = error.failure;
  // A 400 of the token endpoint does not concern a sync token.
  if (ofTokenEndpoint) return null;
  if (type !== FailureType.googleBadRequest || (status !== 410 && status !== 400)) return null;
  if (mode === 'incremental' && (status === 410 || pageToken === null)) return 'sync-token-expired';
  return pageToken === null ? null : 'page-token-expired';
}
