import type { Agenda } from './agenda.ts';
import { agendaSections } from './agenda-lines.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Titles come from anyone who can send an invitation. */
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** An agenda as an HTML document without scripts, styles and links, as mail programs show it. */
export function agendaHtml(agenda: Agenda): string {
  const sections = agendaSections(agenda).map(({ heading, lines }) => {
    const items = lines.map((line) => `<li>${escaped(line)}</li>`).join('\n');
    return `<h2>${escaped(heading)}</h2>\n<ul>\n${items}\n</ul>`;
  });
  const head = escaped(`${agenda.day}, ${agenda.timeZone}`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${head}</title></head><body>`,
    `<h1>${head}</h1>`,
    ...(sections.length === 0 ? ['<p>Nothing on this day.</p>'] : sections),
    '</body></html>',
    '',
  ].join('\n');
}
