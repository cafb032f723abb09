import type { Database } from '../../prisma/client.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A row whose sealed columns share one key. The row's ID is authenticated with them. */
export interface SealedRow {
  id: string;
  keyId: string;
  columns: (Bytes | null)[];
}

/** A table with sealed columns. */
export interface SealedTable {
  /** Number of rows sealed with a key other than this one. */
  count(keyId: string): Promise<number>;
  /** The next such rows, ordered by ID. */
  read(keyId: string, after: string | undefined, take: number): Promise<SealedRow[]>;
  /** The current state of one such row; null if it no longer is one. */
  readOne(keyId: string, id: string): Promise<SealedRow | null>;
  /** Replaces the columns if they still equal those of `row`. */
  replace(row: SealedRow, keyId: string, columns: (Bytes | null)[]): Promise<boolean>;
}

const page = (after: string | undefined, take: number) => ({
  where: after === undefined ? {} : { id: { gt: after } },
  orderBy: { id: 'asc' } as const,
  take,
});

/** Every table with sealed columns. */
export function sealedTables(database: Database): SealedTable[] {
  return [accounts(database), connectAttempts(database), notifiers(database), webhookSubscriptions(database)];
}

// A disconnected account has no sealed tokens.
const accountsNotUnder = (keyId: string) => ({ keyId: { not: keyId }, status: { not: 'disconnected' } });
const ACCOUNT_COLUMNS = { id: true, keyId: true, refreshToken: true, accessToken: true } as const;
type AccountRow = { id: string; keyId: string; refreshToken: Bytes; accessToken: Bytes | null };

function ofAccount({ id, keyId, refreshToken, accessToken }: AccountRow): SealedRow {
  return { id, keyId, columns: [refreshToken, accessToken] };
}

function accounts({ calendarAuthToken }: Database): SealedTable {
  const select = ACCOUNT_COLUMNS;
  return {
    count: (keyId) => calendarAuthToken.count({ where: accountsNotUnder(keyId) }),
    async read(keyId, after, take) {
      const { where, ...order } = page(after, take);
      const rows = await calendarAuthToken.findMany({
        ...order,
        where: { ...accountsNotUnder(keyId), ...where },
        select,
      });
      return rows.map(ofAccount);
    },
    async readOne(keyId, id) {
      const row = await calendarAuthToken.findFirst({ where: { ...accountsNotUnder(keyId), id }, select });
      return row && ofAccount(row);
    },
    async replace(row, keyId, [refreshToken, accessToken]) {
      const [refreshTokenBefore, accessTokenBefore] = row.columns;
      const { count } = await calendarAuthToken.updateMany({
        where: {
          id: row.id,
          keyId: row.keyId,
          refreshToken: refreshTokenBefore!,
          accessToken: accessTokenBefore ?? null,
        },
        data: { keyId, refreshToken: refreshToken!, accessToken: accessToken ?? null },
      });
      return count > 0;
    },
  };
}

const attemptsNotUnder = (keyId: string) => ({ keyId: { not: keyId } });
const ATTEMPT_COLUMNS = { id: true, keyId: true, codeVerifier: true, code: true } as const;

type AttemptRow = { id: string; keyId: string; codeVerifier: Bytes; code: Bytes | null };

function ofAttempt({ id, keyId, codeVerifier, code }: AttemptRow): SealedRow {
  return { id, keyId, columns: [codeVerifier, code] };
}

function connectAttempts({ connectAttempt }: Database): SealedTable {
  const select = ATTEMPT_COLUMNS;
  return {
    count: (keyId) => connectAttempt.count({ where: attemptsNotUnder(keyId) }),
    async read(keyId, after, take) {
      const { where, ...order } = page(after, take);
      const rows = await connectAttempt.findMany({
        ...order,
        where: { ...attemptsNotUnder(keyId), ...where },
        select,
      });
      return rows.map(ofAttempt);
    },
    async readOne(keyId, id) {
      const row = await connectAttempt.findFirst({ where: { ...attemptsNotUnder(keyId), id }, select });
      return row && ofAttempt(row);
    },
    async replace(row, keyId, [codeVerifier, code]) {
      const [codeVerifierBefore, codeBefore] = row.columns;
      const { count } = await connectAttempt.updateMany({
        where: {
          id: row.id,
          keyId: row.keyId,
          codeVerifier: codeVerifierBefore!,
          code: codeBefore ?? null,
        },
        data: { keyId, codeVerifier: codeVerifier!, code: code ?? null },
      });
      return count > 0;
    },
  };
}

const notifiersNotUnder = (keyId: string) => ({ keyId: { not: keyId } });
const NOTIFIER_COLUMNS = { id: true, keyId: true, target: true, secret: true } as const;

type NotifierRow = { id: string; keyId: string; target: Bytes; secret: Bytes | null };

function ofNotifier({ id, keyId, target, secret }: NotifierRow): SealedRow {
  return { id, keyId, columns: [target, secret] };
}

function notifiers({ notifier }: Database): SealedTable {
  const select = NOTIFIER_COLUMNS;
  return {
    count: (keyId) => notifier.count({ where: notifiersNotUnder(keyId) }),
    async read(keyId, after, take) {
      const { where, ...order } = page(after, take);
      const rows = await notifier.findMany({
        ...order,
        where: { ...notifiersNotUnder(keyId), ...where },
        select,
      });
      return rows.map(ofNotifier);
    },
    async readOne(keyId, id) {
      const row = await notifier.findFirst({ where: { ...notifiersNotUnder(keyId), id }, select });
      return row && ofNotifier(row);
    },
    async replace(row, keyId, [target, secret]) {
      const [targetBefore, secretBefore] = row.columns;
      const { count } = await notifier.updateMany({
        where: { id: row.id, keyId: row.keyId, target: targetBefore!, secret: secretBefore ?? null },
        data: { keyId, target: target!, secret: secret ?? null },
      });
      return count > 0;
    },
  };
}

const subscriptionsNotUnder = (keyId: string) => ({ keyId: { not: keyId } });
const SUBSCRIPTION_COLUMNS = { id: true, keyId: true, secret: true, previousSecret: true } as const;

type SubscriptionRow = { id: string; keyId: string; secret: Bytes; previousSecret: Bytes | null };

function ofSubscription({ id, keyId, secret, previousSecret }: SubscriptionRow): SealedRow {
  return { id, keyId, columns: [secret, previousSecret] };
}

function webhookSubscriptions({ webhookSubscription }: Database): SealedTable {
  const select = SUBSCRIPTION_COLUMNS;
  return {
    count: (keyId) => webhookSubscription.count({ where: subscriptionsNotUnder(keyId) }),
    async read(keyId, after, take) {
      const { where, ...order } = page(after, take);
      const rows = await webhookSubscription.findMany({
        ...order,
        where: { ...subscriptionsNotUnder(keyId), ...where },
        select,
      });
      return rows.map(ofSubscription);
    },
    async readOne(keyId, id) {
      const row = await webhookSubscription.findFirst({
        where: { ...subscriptionsNotUnder(keyId), id },
        select,
      });
      return row && ofSubscription(row);
    },
    async replace(row, keyId, [secret, previousSecret]) {
      const [secretBefore, previousBefore] = row.columns;
      const { count } = await webhookSubscription.updateMany({
        where: {
          id: row.id,
          keyId: row.keyId,
          secret: secretBefore!,
          previousSecret: previousBefore ?? null,
        },
        data: { keyId, secret: secret!, previousSecret: previousSecret ?? null },
      });
      return count > 0;
    },
  };
}
