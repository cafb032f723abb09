import { InvalidArgumentError } from 'commander';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A commander argument parser for times such as `60s`, `5m` or `2h`, from `least` to `most` seconds. */
export function toSeconds(least: number, most: number): (text: string) => number {
  return (text) => {
    const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
    const seconds = Number(count) * (UNITS[unit] ?? 1);
    if (seconds >= least && seconds <= most) return seconds;
    throw new InvalidArgumentError(
      `It must be a time such as 60s, 5m or 2h, from ${least} to ${most} seconds.`,
    );
  };
}
