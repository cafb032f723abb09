const plain = new Intl.NumberFormat('en');

export const sayNumber = (count: number): string => plain.format(count);

/** `2 calendars`, `1 calendar`. */
export function sayCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${plain.format(count)} ${count === 1 ? noun : plural}`;
}
