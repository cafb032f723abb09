import { calendarRow } from './mirror.ts';
import type { WorkflowStack } from './workflow-stack.ts';

/** Workspaces whose calendars have all been synced. */
export function syncedWorkspaces(stack: () => WorkflowStack, prefix: string) {
  let workspaces = 0;
  return {
    /** A workspace with a primary calendar and so many others. */
    async synced(others: number): Promise<{ id: string; google: string[] }> {
      workspaces += 1;
      const [id, owner] = [`${prefix}-${workspaces}`, `${prefix}-${workspaces}@example.com`];
      await stack().connect(id, owner);
      const google = [owner];
      for (let index = 0; index < others; index += 1) {
        const calendar = await stack().google.createCalendar(owner, { summary: `${index}`, timeZone: 'UTC' });
        google.push(calendar.id);
      }
      await stack().sync(id);
      return { id, google };
    },

    /** Listings of a calendar since an instant. */
    async listings(google: string, since: string): Promise<number> {
      const requests = await stack().google.requests({ since });
      return requests.filter(({ path }) => decodeURIComponent(path).endsWith(`/${google}/events`)).length;
    },

    idOf: async (google: string) => (await calendarRow(stack(), google)).id,
  };
}
