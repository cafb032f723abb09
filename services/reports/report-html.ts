import type { Report } from './report.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Titles come from anyone who can send an invitation. */
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** A report as an HTML document without scripts, styles and links, as mail programs show it. */
export function reportHtml({ title, note, sections }: Report): string {
  const head = escaped(title);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${head}</title></head><body>`,
    `<h1>${head}</h1>`,
    ...(note === undefined ? [] : [`<p>${escaped(note)}</p>`]),
    ...sections.map(({ heading, lines }) => {
      const items = lines.map((line) => `<li>${escaped(line)}</li>`).join('\n');
      return `<h2>${escaped(heading)}</h2>\n<ul>\n${items}\n</ul>`;
    }),
    '</body></html>',
    '',
  ].join('\n');
}
