type Limits = Record<string, number>;

/** Limits as the API takes them: null takes one away that is no longer there. */
export function toLimits(wanted: Limits, saved: Limits): Record<string, number | null> {
  const gone = Object.keys(saved).filter((type) => !(type in wanted));
  return { ...wanted, ...Object.fromEntries(gone.map((type) => [type, null])) };
}
