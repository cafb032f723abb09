import { createPrismaClient } from '../../prisma/client.ts';
import { API_ROLE, WORKER_ROLE } from '../../prisma/database-logins.ts';

/**
 * Lets workers and the API log in as the roles that `migrate` made, with the owner's password, so that
 * development shows a missing privilege as production does.
 * @param ownerUrl URL of a user that may change roles
 */
export async function createLogins(ownerUrl: string): Promise<{ workerUrl: string; apiUrl: string }> {
  const password = decodeURIComponent(new URL(ownerUrl).password).replaceAll("'", "''");
  const owner = createPrismaClient({ databaseUrl: ownerUrl, poolSize: 1 });
  try {
    for (const role of [WORKER_ROLE, API_ROLE])
      await owner.$executeRawUnsafe(`alter role ${role} login password '${password}'`);
  } finally {
    await owner.$disconnect();
  }
  return { workerUrl: urlOf(ownerUrl, WORKER_ROLE), apiUrl: urlOf(ownerUrl, API_ROLE) };
}

/** URL of the same database for another user with the same password. */
function urlOf(databaseUrl: string, user: string): string {
  const url = new URL(databaseUrl);
  url.username = user;
  return url.href;
}
