import type { ApiRoutes } from '../dependencies.ts';
import { accountRoutes } from './accounts.ts';
import { agendaRoutes } from './agenda.ts';
import { availabilityRoutes } from './availability.ts';
import { blockRoutes } from './blocks.ts';
import { calendarRoutes } from './calendars.ts';
import { changeRoutes } from './changes.ts';
import { changeStreamRoutes } from './change-stream.ts';
import { connectRoutes } from './connect.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { embedLinkRoutes } from './embed-links.ts';
import { eventWriteRoutes } from './event-writes.ts';
import { eventRoutes } from './events.ts';
import { fanOutRoutes } from './fan-outs.ts';
import { feedManagementRoutes } from './feed-management.ts';
import { habitRoutes } from './habits.ts';
import { hoursRoutes } from './hours.ts';
import { healthReportRoutes } from './health-report.ts';
import { keyRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { notifierRoutes } from './notifiers.ts';
import { permitRoutes } from './permits.ts';
import { planRoutes } from './plan.ts';
import { policyRoutes } from './policy.ts';
import { runLogRoutes } from './run-log.ts';
import { sessionRoutes } from './sessions.ts';
import { statusRoutes } from './status.ts';
import { summaryRoutes } from './summary.ts';
import { syncRoutes } from './sync.ts';
import { taskQueueRoutes } from './task-queues.ts';
import { taskRoutes } from './tasks.ts';
import { templateRoutes } from './templates.ts';
import { workspaceDeletionRoutes } from './workspace-deletion.ts';
import { usageRoutes } from './usage.ts';
import { verificationRoutes } from './verification.ts';
import { webhookSubscriptionRoutes } from './webhook-subscriptions.ts';
import { workspaceExportRoutes } from './workspace-export.ts';
import { workspaceRoutes } from './workspaces.ts';

/** Routes under `/api/v1`. */
export const apiRoutes: ApiRoutes = async (app, { dependencies }) => {
  const resources = [
    meRoutes,
    keyRoutes,
    sessionRoutes,
    workspaceRoutes,
    workspaceDeletionRoutes,
    workspaceExportRoutes,
    accountRoutes,
    connectRoutes,
    calendarRoutes,
    syncRoutes,
    fanOutRoutes,
    verificationRoutes,
    statusRoutes,
    taskQueueRoutes,
    healthReportRoutes,
    usageRoutes,
    runLogRoutes,
    eventRoutes,
    agendaRoutes,
    summaryRoutes,
    eventWriteRoutes,
    changeRoutes,
    changeStreamRoutes,
    feedManagementRoutes,
    embedLinkRoutes,
    webhookSubscriptionRoutes,
    availabilityRoutes,
    permitRoutes,
    taskRoutes,
    templateRoutes,
    habitRoutes,
    hoursRoutes,
    policyRoutes,
    planRoutes,
    blockRoutes,
    deadLetterRoutes,
    notifierRoutes,
  ];
  for (const routes of resources) await app.register(routes, { dependencies });
};
