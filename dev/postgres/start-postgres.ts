import type { Part } from '../processes/part.ts';
import { startNative } from '../processes/start-native.ts';
import { untilReady } from '../processes/until-ready.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, dataDirectory, SUPERUSER } from './create-cluster.ts';
import { clearPostmasterFile, isPostmasterReady } from './postmaster-file.ts';
import { postgresUser } from './system-user.ts';

const STOP_GRACE_MS = 15_000;

interface PostgresOptions {
  /** Folder of the cluster; created if missing. For root: reachable by the user `postgres`. */
  directory: string;
  port: number;
  password: string;
  logFile: string;
  /**
   * Server settings that differ from the defaults. The defaults keep committed transactions through a crash.
   */
  settings?: Record<string, string>;
}

export interface PostgresServer extends Part {
  /** URL of a database of this server. */
  databaseUrl(database: string): string;
}

/** Starts PostgreSQL 18 on 127.0.0.1 and waits until it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { directory, port, password, logFile } = options;
  const user = postgresUser();
  const { initdb, postgres } = await findBinaries(user);
  await createCluster({ initdb, directory, password, user });
  const data = dataDirectory(directory);
  await clearPostmasterFile(data);

  const settings = {
    listen_addresses: '127.0.0.1',
    // No socket file: in a shared folder it could clash, or be left behind.
    unix_socket_directories: '',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const part = await startNative({
    name: 'PostgreSQL',
    command: postgres,
    args: ['-D', data, '-p', String(port), ...flags],
    logFile,
    cwd: directory,
    ...user,
    // Ends open sessions and writes a checkpoint.
    stopSignal: 'SIGINT',
    graceMs: STOP_GRACE_MS,
  });
  const [pid] = part.pids;
  await untilReady(part, () => isPostmasterReady(data, pid ?? 0));
  return {
    ...part,
    databaseUrl: (database) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
  };
}
