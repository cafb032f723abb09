import { healthLines } from '../../services/reports/health-lines.ts';
import { healthReportSchema } from '../../services/reports/health-report.ts';
import { readHealthReport } from '../../services/reports/read-health-report.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { inAcceptedForm, REPORT_FORMS, reportResponse } from '../report-forms.ts';

/** The report on the installation. */
export const healthReportRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  const options = {
    poll: {
      plainMs: environment.POLL_INTERVAL_MINUTES * MINUTE_MS,
      withPushMs: environment.POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
    },
    dailyBudget: environment.GOOGLE_DAILY_BUDGET,
  };

  app.get(
    '/health-report',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        operationId: 'readHealthReport',
        tags: ['Status'],
        summary: 'Health of the installation, its failures, deliveries, verifications and versions',
        description: REPORT_FORMS,
        response: { 200: reportResponse('The report', healthReportSchema) },
      },
    },
    async (request, reply) => {
      const report = await readHealthReport(request.database, options);
      return inAcceptedForm(request, reply, report, healthLines);
    },
  );
};
