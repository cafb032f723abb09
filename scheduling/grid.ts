/**
 * Rounds up to the grid. The window starts at a local midnight, and zones shift by multiples of 30 minutes
 * (all have since 1987), so the grid of local minutes is a grid of elapsed minutes as well.
 */
export function ceilTo(minute: number, multiple: number): number {
  return Math.ceil(minute / multiple) * multiple;
}

export function floorTo(minute: number, multiple: number): number {
  return Math.floor(minute / multiple) * multiple;
}
