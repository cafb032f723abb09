import type { Report } from './report.ts';

/** A report as plain text. */
export function reportText({ title, note, sections }: Report): string {
  const written = sections.map(({ heading, lines }) =>
    [heading, ...lines.map((line) => `  ${line}`)].join('\n'),
  );
  return `${[title, ...(note === undefined ? [] : [note]), ...written].join('\n\n')}\n`;
}
