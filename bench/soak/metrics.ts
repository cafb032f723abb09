/**
 * Allowed growth per hour of each metric: a number, or a share of its mean. Files and connections come and go
 * with each tick; a leak of one per tick would be 180 an hour.
 */
export const LIMITS_PER_HOUR = {
  'worker RSS': { share: 0.1 },
  'API RSS': { share: 0.1 },
  'worker open files': { number: 10 },
  'API open files': { number: 10 },
  'Postgres connections': { number: 10 },
  'mirror tables, bytes per row': { share: 0.1 },
  'log tables, bytes per row': { share: 0.1 },
  'events of a sync history': { share: 0.05 },
  'bytes of a sync history': { share: 0.05 },
  'seconds of a tick': { share: 0.1 },
} as const satisfies Record<string, { share: number } | { number: number }>;

export type SoakMetric = keyof typeof LIMITS_PER_HOUR;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are exactly its type's.
export const SOAK_METRICS = Object.keys(LIMITS_PER_HOUR) as SoakMetric[];

export interface Sample {
  atMs: number;
  values: Partial<Record<SoakMetric, number>>;
}

export function limitOf(metric: SoakMetric, mean: number): number {
  const limit: { share?: number; number?: number } = LIMITS_PER_HOUR[metric];
  return limit.number ?? mean * (limit.share ?? 0);
}
