import fastify from 'fastify';
import { Pool } from 'pg';
import { z } from 'zod';

// Lower bound for an answer's cost: the same framework and driver, and one select of the busy times that the API
// reads. No key, no permit, no row-level security, no zones or hours, no merging, no slots, no proof, no schema.

const environment = z
  .object({ DATABASE_URL: z.string(), BARE_PORT: z.coerce.number(), DATABASE_POOL_SIZE: z.coerce.number() })
  .parse(process.env);
const pool = new Pool({ connectionString: environment.DATABASE_URL, max: environment.DATABASE_POOL_SIZE });
const app = fastify();

app.get('/readyz', async () => 'ready');

app.post<{ Body: { workspaceIds: string[]; windows: { from: string; to: string }[] } }>(
  '/busy',
  async ({ body: { workspaceIds, windows } }) => {
    const { rows } = await pool.query(
      `select workspace_id, start_at as start, end_at as end from workspace_calendar_events
      where workspace_id = any($1) and not all_day and busy
        and start_at > $2::timestamptz - interval '24 hours' and start_at < $3 and end_at > $2`,
      [workspaceIds, windows[0]?.from, windows[0]?.to],
    );
    return { busy: rows };
  },
);

process.once('SIGTERM', () => process.exit());
await app.listen({ host: '127.0.0.1', port: environment.BARE_PORT });
