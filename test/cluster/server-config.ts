import { stringify } from 'yaml';

/** The services of a Temporal server, each a process of its own here. */
export const SERVICES = ['history', 'matching', 'worker', 'frontend'] as const;
export type Service = (typeof SERVICES)[number];

export interface ServicePorts {
  grpc: number;
  membership: number;
}

interface ClusterConfig {
  postgres: { address: string; user: string; password: string };
  ports: Record<Service, ServicePorts>;
  historyShards: number;
  dynamicConfigFile: string;
}

/** Database connections of each service; the compose file leaves them to the image, which has these. */
const CONNECTIONS = { maxConns: 20, maxIdleConns: 20, maxConnLifetime: '1h' };

/** Configuration of every service of the cluster. The image of the compose file writes the same from its variables. */
export function serverConfig({ postgres, ports, historyShards, dynamicConfigFile }: ClusterConfig): string {
  const store = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      connectProtocol: 'tcp',
      databaseName,
      connectAddr: postgres.address,
      user: postgres.user,
      password: postgres.password,
      ...CONNECTIONS,
    },
  });
  const service = ({ grpc, membership }: ServicePorts) => ({
    rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true },
  });
  const frontend = `127.0.0.1:${ports.frontend.grpc}`;
  return stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { default: store('temporal'), visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(SERVICES.map((name) => [name, service(ports[name])])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: frontend },
      },
    },
    publicClient: { hostPort: frontend },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '60s' },
  });
}
