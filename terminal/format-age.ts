const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
] as const;

/** A span for people, in its largest unit: `3 d`, `5 h`, `40 min`, `12 s`. */
export function formatAge(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= one.seconds);
  return unit === undefined ? `${seconds} s` : `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}
