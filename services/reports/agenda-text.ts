import type { Agenda } from './agenda.ts';
import { agendaSections } from './agenda-lines.ts';

/** An agenda as plain text. */
export function agendaText(agenda: Agenda): string {
  const sections = agendaSections(agenda).map(({ heading, lines }) =>
    [heading, ...lines.map((line) => `  ${line}`)].join('\n'),
  );
  const head = `${agenda.day}, ${agenda.timeZone}`;
  return (
    [head, ...(sections.length === 0 ? ['Nothing on this day.'] : sections), ''].join('\n\n').trimEnd() + '\n'
  );
}
