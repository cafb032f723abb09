/** A commander argument parser for options that may be given several times, or once with commas. */
export function collect(text: string, earlier: string[] = []): string[] {
  return [
    ...earlier,
    ...text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ];
}
