import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { listChanges } from '../../services/reading/changes.ts';
import { createDatabase } from '../../dev/postgres/create-database.ts';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { createPrismaClient, type Database } from '../../prisma/client.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';

const MIGRATIONS = join(PROJECT_ROOT, 'prisma', 'migrations');
const CHANGE_LOG = '20261121400000_change_log';
const WORK = '00000000-0000-4000-8000-000000000001';

let name: string;
let database: Database;

async function run(sql: string): Promise<void> {
  for (const statement of sql.split(';')) if (statement.trim()) await database.$executeRawUnsafe(statement);
}

async function apply(wanted: (migration: string) => boolean): Promise<void> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  for (const folder of names.filter(wanted)) {
    await run(await readFile(join(MIGRATIONS, folder, 'migration.sql'), 'utf8'));
  }
}

const changed = (workspaceId: string, event: string, operation: string) =>
  `insert into calendar_changes (workspace_id, calendar_id, google_event_id, operation)
   values ('${workspaceId}', '${WORK}', '${event}', '${operation}');`;

beforeAll(async () => {
  const { maintenanceUrl } = inject('servers');
  name = `change_log_${randomUUID().replaceAll('-', '')}`;
  await createDatabase(maintenanceUrl, name);
  const url = Object.assign(new URL(maintenanceUrl), { pathname: `/${name}` }).href;
  database = createPrismaClient({ databaseUrl: url, poolSize: 2 });
  await apply((folder) => folder < CHANGE_LOG);
  await run(`
    insert into workspaces (id, time_zone) values ('acme', 'UTC'), ('beta', 'UTC');
    insert into calendar_auth_tokens (id, workspace_id, email, key_id, refresh_token)
    values ('${WORK}', 'acme', 'a@example.com', 'key', '');
    insert into calendars (id, workspace_id, account_id, google_calendar_id, summary, time_zone, access_role)
    values ('${WORK}', 'acme', '${WORK}', 'a@example.com', '', 'UTC', 'owner');
    insert into calendar_events (calendar_id, google_event_id, kind, status, etag, start_at, end_at, resource)
    select '${WORK}', id, 'single', 'confirmed', '"1"', now(), now(), jsonb_build_object('id', id)
    from unnest('{one,two,three}'::text[]) id;
    ${changed('acme', 'one', 'insert')}
    ${changed('acme', 'gone', 'insert')}
    ${changed('beta', 'elsewhere', 'delete')}
    ${changed('acme', 'gone', 'delete')}`);
  await apply((folder) => folder >= CHANGE_LOG);
});
afterAll(async () => {
  await database.$disconnect();
  const maintenance = createPrismaClient({ databaseUrl: inject('servers').maintenanceUrl, poolSize: 1 });
  await maintenance.$executeRawUnsafe(`drop database ${name} with (force)`);
  await maintenance.$disconnect();
});

it('makes what was stored before a log that can be read from its beginning', async () => {
  const { changes } = await listChanges(database, { workspaceId: 'acme' });
  expect(
    changes.map(({ position, operation, googleEventId, event }) => [
      position,
      operation,
      googleEventId,
      event?.id,
    ]),
  ).toEqual([
    [1, 'insert', 'one', undefined],
    [2, 'insert', 'gone', undefined],
    [3, 'delete', 'gone', undefined],
    [4, 'insert', 'one', 'one'],
    [5, 'insert', 'three', 'three'],
    [6, 'insert', 'two', 'two'],
  ]);
  expect(await logEqualsMirror(database, 'acme')).toEqual([]);
  expect((await listChanges(database, { workspaceId: 'beta' })).changes).toMatchObject([{ position: 1 }]);
});

it('lets a worker of the version before go on writing, out of sight of readers', async () => {
  await run(changed('acme', 'one', 'update') + changed('acme', 'two', 'update'));
  expect((await listChanges(database, { workspaceId: 'acme', after: '6' })).changes).toEqual([]);
});
