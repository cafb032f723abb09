import fastify from 'fastify';
import { Pool } from 'pg';
import { z } from 'zod';
import { BARE_EVENTS, BARE_SELECT } from './bare-paths.ts';

// Lower bound for an answer's cost: the same framework, the same driver, a pool of the same size and one
// select. No key, no limit of requests, no row-level security, no schema, no log, no ETag.

const environment = z
  .object({ DATABASE_URL: z.string(), BARE_PORT: z.coerce.number(), DATABASE_POOL_SIZE: z.coerce.number() })
  .parse(process.env);
const pool = new Pool({
  connectionString: environment.DATABASE_URL,
  max: environment.DATABASE_POOL_SIZE,
});
const app = fastify();

app.get('/readyz', async () => 'ready');

app.post(BARE_SELECT, async (_request, reply) => {
  await pool.query('select 1');
  return reply.code(204).send();
});

app.get<{ Querystring: { workspaceId: string; from: string; limit: string } }>(
  BARE_EVENTS,
  async ({ query }) => {
    const { rows } = await pool.query(
      `select id, workspace_id, calendar_id, google_event_id, title, status, busy, all_day, start_at, end_at
      from workspace_calendar_events where workspace_id = $1 and not all_day and start_at >= $2
      order by start_at limit $3`,
      [query.workspaceId, query.from, query.limit],
    );
    return { events: rows };
  },
);

process.once('SIGTERM', () => process.exit());
await app.listen({ host: '127.0.0.1', port: environment.BARE_PORT });
