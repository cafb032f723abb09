import { createHash } from 'node:crypto';

/** Value of `scheduled_blocks.content_hash`, by which a changed title is recognised. */
export function titleHash(title: string): string {
  return createHash('sha256').update(title).digest('base64url');
}
