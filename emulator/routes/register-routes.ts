import type { FastifyInstance } from 'fastify';
import type { EmulatorAdmin } from '../admin.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { adminRoutes } from './admin-routes.ts';
import { calendarListRoutes } from './calendar-list-routes.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { eventListRoutes } from './event-list-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { freeBusyRoutes } from './free-busy-routes.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { settingsRoutes } from './settings-routes.ts';

/** All routes of the emulator, at one origin. */
export function registerRoutes(
  server: FastifyInstance,
  context: EmulatorContext,
  admin: EmulatorAdmin,
): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  oauthRoutes(server, context);
  calendarListRoutes(server, context);
  calendarRoutes(server, context);
  eventListRoutes(server, context);
  eventRoutes(server, context);
  channelRoutes(server, context);
  freeBusyRoutes(server, context);
  settingsRoutes(server, context);
  adminRoutes(server, admin);
}
