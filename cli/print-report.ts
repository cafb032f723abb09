import { Option } from 'commander';
import type { Report } from '../services/reports/report.ts';
import { printJson, printLine } from '../terminal/output.ts';

/** Option of a command that prints a report. */
export const htmlOption = () => new Option('--html', 'print HTML on stdout').conflicts('json');

/** Prints a report in the chosen form, text by default. */
export async function printReport<Data>(
  form: { json: boolean; html: boolean | undefined },
  data: Data,
  toReport: (data: Data) => Report,
): Promise<void> {
  if (form.json) return printJson(data);
  if (form.html) {
    const { reportHtml } = await import('../services/reports/report-html.ts');
    return printLine(reportHtml(toReport(data)).trimEnd());
  }
  const { reportText } = await import('../services/reports/report-text.ts');
  printLine(reportText(toReport(data)).trimEnd());
}
