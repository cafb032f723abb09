import type { Database } from './client.ts';

/**
 * Names the connected server and database, with the server's timeline. It changes with a restore into a new
 * database, with a recovery to a point in time, and when a standby takes over.
 */
const IDENTITY = `
  select format('%s/%s/%s', s.system_identifier, c.timeline_id, d.oid)
  from pg_control_system() s, pg_control_checkpoint() c, pg_database d where d.datname = current_database()`;

/** For migrations: notes where the installation is, once. Without the right to ask it stays unknown. */
export async function noteServer(database: Pick<Database, '$executeRawUnsafe'>): Promise<void> {
  await database.$executeRawUnsafe(`
    do $$
    begin
      update installation set server = (${IDENTITY}) where server is null;
    exception when insufficient_privilege then null;
    end $$`);
}

/** Notes where the installation is from now on. */
export async function confirmServer(database: Pick<Database, '$executeRawUnsafe'>): Promise<void> {
  await database.$executeRawUnsafe('update installation set server = null');
  await noteServer(database);
}

/** Whether the installation is where it was noted to be. Null: unknown. */
export async function isNotedServer(database: Pick<Database, '$queryRawUnsafe'>): Promise<boolean | null> {
  const [right] = await database.$queryRawUnsafe<{ asks: boolean }[]>(
    `select has_function_privilege('pg_control_system()', 'execute')
       and has_function_privilege('pg_control_checkpoint()', 'execute') as asks`,
  );
  if (!right?.asks) return null;
  const [row] = await database.$queryRawUnsafe<{ noted: boolean | null }[]>(
    `select server = (${IDENTITY}) as noted from installation`,
  );
  return row?.noted ?? null;
}
