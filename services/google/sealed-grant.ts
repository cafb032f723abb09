/** An account's grant as its row holds it. */
export interface SealedGrant {
  accountId: string;
  keyId: string;
  refreshToken: Uint8Array;
  accessToken: Uint8Array | null;
  /** By Postgres's clock. */
  accessTokenExpiresAt: Date | null;
}
