/** A section of a written report. Each line is plain text without line breaks. */
interface ReportSection {
  heading: string;
  lines: string[];
}

/** A report that is ready to be written as text or as HTML. */
export interface Report {
  title: string;
  /** Sentence of a report without sections. */
  note?: string;
  sections: ReportSection[];
}

const SPACES = /\s+/g;
const UNTITLED = '(no title)';

/** A title as part of a line. */
export const titled = (title: string | null) => title?.replaceAll(SPACES, ' ').trim() || UNTITLED;

export const withLines = (sections: readonly ReportSection[]) =>
  sections.filter(({ lines }) => lines.length > 0);
