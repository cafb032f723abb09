/** Shapes of pages that Google may answer but rarely does. */
interface PageShape {
  /** Upper bound of items on a page, whatever the client asks for. */
  maxPageSize: number;
  /** Every n-th page of a listing has no items but a next page token; 0 never. */
  emptyPageEvery: number;
  /** Deleted events carry all their fields instead of the bare ID. */
  richTombstones: boolean;
  /** Deleting a series also delivers its exceptions as cancelled. */
  listChildrenOfCancelledMaster: boolean;
  /** How far into the future, in days, an endless series is expanded with singleEvents=true. */
  instanceHorizonDays: number;
  /** Answer 400 when a sync token is used with other parameters than the listing it came from. */
  rejectMismatchedParams: boolean;
  /** Age in days beyond which updatedMin answers 410. */
  updatedMinMaxAgeDays: number;
}

/** Quota windows; undefined means unlimited. */
interface QuotaLimits {
  perUserPerMinute?: number | undefined;
  perProjectPerMinute?: number | undefined;
  status: 403 | 429;
  retryAfterSeconds?: number | undefined;
}

/** Misbehaviour of push notifications. */
interface PushShape {
  /** Share of notifications that are never delivered, 0 to 1. */
  drop: number;
  /** Deliver every notification twice. */
  duplicate: boolean;
  delayMs: number;
  /** Hold each notification back until the next one of its channel was sent. */
  reorder: boolean;
}

export interface Knobs {
  page: PageShape;
  quota: QuotaLimits;
  push: PushShape;
}

export function defaultKnobs(): Knobs {
  return {
    page: {
      maxPageSize: 2500,
      emptyPageEvery: 0,
      richTombstones: false,
      listChildrenOfCancelledMaster: false,
      instanceHorizonDays: 730,
      rejectMismatchedParams: true,
      updatedMinMaxAgeDays: 30,
    },
    quota: { status: 403 },
    push: { drop: 0, duplicate: false, delayMs: 0, reorder: false },
  };
}
