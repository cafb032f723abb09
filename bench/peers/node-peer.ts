import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type LineProcess, startLineProcess } from './line-process.ts';

const NODE_PEERS = ['usual-loop', 'refill', 'floor', 'floor-same-rows'] as const;

/** What the process of a peer in Node is told. */
export const nodePeerInputSchema = z.object({
  peer: z.enum(NODE_PEERS),
  databaseUrl: z.string(),
  emulatorUrl: z.string(),
  refreshToken: z.string(),
  googleCalendarId: z.string(),
  target: z.object({ workspaceId: z.string(), calendarId: z.string() }),
});
export type NodePeerInput = z.infer<typeof nodePeerInputSchema>;

/** A peer in a process of its own. */
export interface NodePeer extends Pick<LineProcess, 'pid' | 'kill' | 'close'> {
  /** Settles when it has loaded, and is connected. */
  ready(): Promise<object>;
  /** Brings its mirror up to date, from a sync token if it has one. */
  sync(): Promise<{ ms: number }>;
  /** Lists everything anew. */
  resync(): Promise<{ ms: number }>;
}

const SCRIPT = fileURLToPath(new URL('./node-peer-process.js', import.meta.url));

export function startNodePeer(input: NodePeerInput): NodePeer {
  const child = startLineProcess(input.peer, process.execPath, [SCRIPT, JSON.stringify(input)]);
  return {
    ...child,
    ready: () => child.ask({ op: 'ready' }),
    sync: () => child.ask({ op: 'sync' }),
    resync: () => child.ask({ op: 'resync' }),
  };
}
