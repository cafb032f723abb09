import { createRandom } from '../support/random-editor.ts';

/** Decides by a seed. Each actor has dice of its own, so that one does not change what the others throw. */
export class Dice {
  readonly random: () => number;

  constructor(seed: number, actor: number) {
    this.random = createRandom(seed * 16 + actor);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.random() * values.length)];
    if (value === undefined) throw new Error('There is nothing to pick from.');
    return value;
  }

  /** One of several, each as often as its weight says. */
  weighted<T extends { weight: number }>(values: readonly T[]): T {
    let left = this.random() * values.reduce((sum, { weight }) => sum + weight, 0);
    return values.find(({ weight }) => (left -= weight) < 0) ?? this.pick(values);
  }
}
