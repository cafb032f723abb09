import type { EmulatorAdmin } from './admin.ts';
import { createAdmin } from './admin/create-admin.ts';
import { FaultBook } from './faults/fault-book.ts';
import { QuotaMeter } from './faults/quota-meter.ts';
import type { EmulatorContext } from './http/emulator-context.ts';
import { RequestLog } from './http/request-log.ts';
import { createServer } from './http/server.ts';
import { TokenStore } from './oauth/token-store.ts';
import { ChannelBook } from './push/channel-book.ts';
import { following } from './option-error.ts';
import { registerRoutes } from './routes/register-routes.ts';
import { EmulatorState } from './state/emulator-state.ts';
import { openStateFile } from './state/state-file.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_SEED = 1;
const STATE_FILE_RULE = 'must be a state file of an emulator, or a new file in a writable folder';
/** One hour, as for Google's access tokens. */
const DEFAULT_ACCESS_TOKEN_TTL_SECONDS = 3600;

export interface EmulatorOptions {
  /** TCP port; 0, the default, takes a free one. */
  port?: number;
  /** Interface to listen on; default 127.0.0.1. */
  host?: string;
  /** Seed of every generated ID and event; default 1. */
  seed?: number;
  /** Clock, for tests; default the system's. */
  now?: () => Date;
  /** Life of an access token in seconds; default 3600. */
  accessTokenTtlSeconds?: number;
  /** File that state is loaded from and saved to, so that sync tokens survive a restart; default none. */
  stateFile?: string;
}

/** A running emulator. */
export interface Emulator {
  /** Origin, without a trailing slash. */
  url: string;
  admin: EmulatorAdmin;
  /** Saves state if there is a state file, ends all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a Google Calendar emulator.
 * @throws EmulatorOptionError if the port is taken or the state file is invalid
 *
 * @example
 * const emulator = await createEmulator({ seed: 7 });
 * const { refreshToken } = await emulator.admin.createUser({ email: 'ada@example.com' });
 * const api = calendar({ version: 'v3', auth, rootUrl: emulator.url });
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const state = new EmulatorState(options.seed ?? DEFAULT_SEED, options.now ?? (() => new Date()));
  const stateFile =
    options.stateFile === undefined
      ? undefined
      : await following('stateFile', STATE_FILE_RULE, openStateFile(state, options.stateFile));
  const context: EmulatorContext = {
    state,
    tokens: new TokenStore(state, options.accessTokenTtlSeconds ?? DEFAULT_ACCESS_TOKEN_TTL_SECONDS),
    faults: new FaultBook(),
    quota: new QuotaMeter(state),
    channels: new ChannelBook(state),
    requests: new RequestLog(),
  };
  const admin = createAdmin(context);
  const server = createServer(context);
  registerRoutes(server, context, admin);
  const { port = 0, host = DEFAULT_HOST } = options;
  const url = await following(
    'port',
    `must be one that can be listened on: ${host}:${port} cannot`,
    server.listen({ port, host }),
  );
  return {
    url,
    admin,
    async close() {
      context.channels.close();
      await server.close();
      await stateFile?.close();
    },
  };
}
