import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Report } from '../services/reports/report.ts';
import { reportHtml } from '../services/reports/report-html.ts';
import { reportText } from '../services/reports/report-text.ts';

const HTML = 'text/html';
const TEXT = 'text/plain';

export const REPORT_FORMS = `With \`Accept: ${TEXT}\` or \`${HTML}\` as text or HTML.`;

/** The answer of a route that has a report in every form. */
export const reportResponse = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: {
    'application/json': { schema },
    [TEXT]: { schema: z.string() },
    [HTML]: { schema: z.string() },
  },
});

/** Chooses the form that a request accepts, JSON by default. */
export function inAcceptedForm<Data>(
  request: FastifyRequest,
  reply: FastifyReply,
  data: Data,
  toReport: (data: Data) => Report,
): Data | string {
  void reply.header('vary', 'accept');
  const accept = request.headers.accept ?? '';
  if (accept.includes(HTML)) {
    void reply.type(`${HTML}; charset=utf-8`);
    return reportHtml(toReport(data));
  }
  if (!accept.includes(TEXT)) return data;
  void reply.type(`${TEXT}; charset=utf-8`);
  return reportText(toReport(data));
}
