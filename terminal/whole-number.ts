import { InvalidArgumentError } from 'commander';

/** A commander argument parser for whole numbers from `least` to `most`, inclusive. */
export function toWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
