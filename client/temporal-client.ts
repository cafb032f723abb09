import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { DataConverter } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec.ts';
import { EnvironmentError } from '../contracts/environment.ts';
import { requireVariables, type Variables } from './environment.ts';
import { UnreachableError } from '../services/errors.ts';

const DEFAULT_ADDRESS = 'localhost:7233';
const DEFAULT_NAMESPACE = 'default';
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * Attempts of a call: three to four seconds, in which a frontend can return. The SDK's ten attempts take
 * eighteen.
 */
const ATTEMPTS_WHILE_ASKED = 6;

/** The server's words for an Update-with-Start that it has refused. */
const UPDATE_NOT_TAKEN = 'Update-with-Start could not be executed';

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;

/** Connection settings of a client or a worker. */
export interface TemporalSettings {
  connectionOptions: ClientConnectConfig['connectionOptions'] & { address: string };
  namespace: string;
  /** Default: payloads are not encrypted. */
  dataConverter?: DataConverter;
}

/**
 * Creates the converter that encrypts payloads. Without a key, encrypted payloads cannot be read; most
 * commands do not need to.
 */
function dataConverter(variables: Variables): DataConverter {
  const { TEMPORAL_PAYLOAD_ENCRYPTION: encrypt } = requireVariables(variables, 'TEMPORAL_PAYLOAD_ENCRYPTION');
  const keys =
    encrypt || variables['TOKEN_ENCRYPTION_KEY']
      ? requireVariables(variables, 'TOKEN_ENCRYPTION_KEY').TOKEN_ENCRYPTION_KEY
      : [];
  return { payloadCodecs: [createPayloadCodec({ keys, encrypt })] };
}

/**
 * Reads Temporal's own variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS…`) and its configuration file, as every Temporal tool does, and the encryption of payloads.
 */
export function temporalSettings(variables: Variables): TemporalSettings {
  const converter = dataConverter(variables);
  const given = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(given),
    });
    const address = connectionOptions.address ?? DEFAULT_ADDRESS;
    return {
      connectionOptions: { ...connectionOptions, address },
      namespace: namespace ?? DEFAULT_NAMESPACE,
      dataConverter: converter,
    };
  } catch (error) {
    throw new EnvironmentError('TEMPORAL_… variables or the Temporal configuration file cannot be read.', {
      cause: error,
    });
  }
}

/**
 * Connects to Temporal.
 * @param interceptors interceptors of workflow calls
 * @param patienceMs longest wait for the server, in milliseconds
 * @throws UnreachableError when no server answers, or it refuses the credentials.
 */
export async function connectTemporal(
  settings: TemporalSettings,
  interceptors: WorkflowClientInterceptor[] = [],
  patienceMs: number = CONNECT_TIMEOUT_MS,
): Promise<Client> {
  try {
    const connection = await Connection.connect({
      ...connectionOptionsOf(settings),
      connectTimeout: patienceMs,
      interceptors: [retries()],
    });
    return createClient(settings, connection, interceptors);
  } catch (error) {
    throw unreachable(settings.connectionOptions.address, error);
  }
}

/**
 * Connects with the first call, for servers that have to start before Temporal does. A call fails after some
 * seconds if Temporal is unavailable.
 */
export function lazyTemporal(settings: TemporalSettings, interceptors: WorkflowClientInterceptor[]): Client {
  const connection = Connection.lazy({
    ...connectionOptionsOf(settings),
    interceptors: [retries(ATTEMPTS_WHILE_ASKED)],
  });
  return createClient(settings, connection, interceptors);
}

/**
 * The SDK's retries, except of an Update-with-Start beyond the run's limit of updates in flight: a signal
 * replaces it sooner. A server that is overloaded answers with the same status code and other words.
 */
function retries(maxAttempts?: number): Interceptor {
  const options = defaultGrpcRetryOptions(maxAttempts === undefined ? {} : { maxAttempts });
  return makeGrpcRetryInterceptor({
    ...options,
    retryableDecider: (attempt, status) =>
      !status.details.startsWith(UPDATE_NOT_TAKEN) && options.retryableDecider(attempt, status),
  });
}

function connectionOptionsOf({ connectionOptions }: TemporalSettings): ConnectionOptions {
  const { address, apiKey, tls, metadata } = connectionOptions;
  return { address, tls, metadata, ...(apiKey !== undefined && { apiKey }) };
}

function createClient(
  { namespace, dataConverter: converter }: TemporalSettings,
  connection: Connection,
  interceptors: WorkflowClientInterceptor[],
): Client {
  return new Client({
    connection,
    namespace,
    ...(converter !== undefined && { dataConverter: converter }),
    interceptors: { workflow: interceptors },
  });
}

function unreachable(address: string, cause: unknown): UnreachableError {
  const refused = isGrpcServiceError(cause) && /permission|unauthenticated/i.test(cause.message);
  const message = refused
    ? `Temporal at ${address} refuses the credentials: check TEMPORAL_API_KEY and TEMPORAL_TLS…`
    : `Temporal at ${address} does not answer: start it (\`npm start\`, or \`temporal server start-dev\`) or set TEMPORAL_ADDRESS.`;
  return new UnreachableError(message, { cause });
}
