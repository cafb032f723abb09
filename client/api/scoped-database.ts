import type { FastifyInstance } from 'fastify';
import type { Database } from '../../prisma/client.ts';
import type { ApiDependencies } from './dependencies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Runs `work` with a database handle that reaches what the request may reach. No call to Google or Temporal in it.
     *
     * @example
     * return request.withDatabase((database) => listCalendars(database, request.params.workspaceId));
     */
    withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>;
  }
}

/** The one place where a request gets at the database. */
export function provideDatabase(app: FastifyInstance, { database }: ApiDependencies): void {
  app.decorateRequest('withDatabase', async (work) => work(database));
}
