/** An account's grant, sealed as in its row. */
export interface SealedGrant {
  accountId: string;
  keyId: string;
  refreshToken: Uint8Array;
  accessToken: Uint8Array | null;
  /** Expiry of the access token, by Postgres's clock. */
  accessTokenExpiresAt: Date | null;
}
