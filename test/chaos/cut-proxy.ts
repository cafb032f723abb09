import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Where a connection to Postgres is cut: before the server has seen a statement, or before the client sees
 * its answer.
 */
export type Cut = 'before-commit' | 'after-commit' | 'before-statement' | 'after-statement';

const COMMIT = Buffer.from('COMMIT');

/** Stands between workers and Postgres, and cuts connections at the worst moment. */
export class CutProxy {
  private armed: Cut | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly upstream: { host: string; port: number };
  /** Cuts that were really made. */
  onCut: (cut: Cut) => void = () => undefined;

  private constructor(target: URL) {
    this.upstream = { host: target.hostname, port: Number(target.port) };
    this.server = createServer((client) => this.join(client));
  }

  static async start(target: string): Promise<{ proxy: CutProxy; url: string }> {
    const url = new URL(target);
    const proxy = new CutProxy(url);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    const address = proxy.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
    url.port = String(address.port);
    return { proxy, url: url.href };
  }

  /** The next statement, or the next commit, meets the cut. */
  arm(cut: Cut | null): void {
    this.armed = cut;
  }

  /** Resets every connection there is. */
  resetAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.resetAll();
    await closed;
  }

  private join(client: Socket): void {
    const server = connect(this.upstream);
    const end = () => {
      for (const socket of [client, server]) socket.destroy();
    };
    const reset = (cut: Cut) => {
      this.onCut(cut);
      for (const socket of [client, server]) socket.resetAndDestroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end).on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    let cutAnswer: Cut | null = null;
    client.on('data', (chunk) => {
      const cut = this.take(chunk);
      if (cut === 'before-commit' || cut === 'before-statement') return reset(cut);
      cutAnswer ??= cut;
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (cutAnswer !== null) return reset(cutAnswer);
      client.write(chunk);
    });
  }

  private take(chunk: Buffer): Cut | null {
    const cut = this.armed;
    if (cut === null || (cut.endsWith('commit') && !chunk.includes(COMMIT))) return null;
    this.armed = null;
    return cut;
  }
}
