/** Task queues, named after their work. `WORKER_TASK_QUEUES` selects those that a worker serves. */
export const TaskQueue = {
  /** Workflows, and activities that only touch Postgres. */
  calendarSync: 'calendar-sync',
  /** Activities that call Google: its rate limit is the project's quota. */
  googleCalendar: 'google-calendar',
  /** Planning: CPU and Postgres. */
  smartSchedule: 'smart-schedule',
  /** Deliveries to webhooks, which wait for receivers. */
  webhookDelivery: 'webhook-delivery',
} as const;
export type TaskQueue = (typeof TaskQueue)[keyof typeof TaskQueue];
