import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type LineProcess, startLineProcess } from './line-process.ts';

const NODE_PEERS = ['usual-loop', 'refill', 'floor', 'floor-same-rows'] as const;

/** Input of a Node peer's process. */
export const nodePeerInputSchema = z.object({
  peer: z.enum(NODE_PEERS),
  databaseUrl: z.string(),
  emulatorUrl: z.string(),
  refreshToken: z.string(),
  googleCalendarId: z.string(),
});
export type NodePeerInput = z.infer<typeof nodePeerInputSchema>;

const targetSchema = z.object({ workspaceId: z.string(), calendarId: z.string() });
/** Workspace and calendar to mirror into. */
export type NodePeerTarget = z.infer<typeof targetSchema>;

/** A line sent to the process. */
export const nodePeerCommandSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('ready') }),
  z.object({ op: z.enum(['sync', 'resync']), target: targetSchema }),
]);
export type NodePeerCommand = z.infer<typeof nodePeerCommandSchema>;

/** A peer in its own process. */
export interface NodePeer extends Pick<LineProcess, 'pid' | 'kill' | 'close'> {
  /** Resolves when the process has loaded and is connected. */
  ready(): Promise<object>;
  /** Brings a mirror up to date, from a sync token if there is one. */
  sync(target: NodePeerTarget): Promise<{ ms: number }>;
  /** Lists everything anew. */
  resync(target: NodePeerTarget): Promise<{ ms: number }>;
}

const SCRIPT = fileURLToPath(new URL('./node-peer-process.js', import.meta.url));

export function startNodePeer(input: NodePeerInput): NodePeer {
  const child = startLineProcess(input.peer, process.execPath, [SCRIPT, JSON.stringify(input)]);
  return {
    ...child,
    ready: () => child.ask({ op: 'ready' } satisfies NodePeerCommand),
    sync: (target) => child.ask({ op: 'sync', target } satisfies NodePeerCommand),
    resync: (target) => child.ask({ op: 'resync', target } satisfies NodePeerCommand),
  };
}
