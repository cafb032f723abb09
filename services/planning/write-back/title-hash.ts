import { createHash } from 'node:crypto';

/** What `scheduled_blocks.content_hash` holds: it tells a new title from the one that was written last. */
export function titleHash(title: string): string {
  return createHash('sha256').update(title).digest('base64url');
}
