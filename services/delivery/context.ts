import type { Database } from '../../prisma/client.ts';
import type { TokenCipher } from '../google/token-cipher.ts';
import type { PostGuard } from '../notifier/guarded-post.ts';

/** What subscriptions need beside the database. */
export interface DeliveryContext {
  database: Database;
  /** Seals the secrets that sign deliveries. */
  tokenCipher: TokenCipher;
  /** Keeps deliveries out of private networks. */
  guard: PostGuard;
}

/** Where a subscription has to belong: a workspace, null for all of them, or undefined where it does not matter. */
export type Scope = string | null | undefined;
