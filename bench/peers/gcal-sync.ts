import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { pythonWith } from '../support/python.ts';

const SCRIPT = join(PROJECT_ROOT, 'bench', 'peers', 'gcal_sync_peer.py');

/** An event as a mirror holds it, in words that Almanac and its peers share. */
export interface MirroredItem {
  id: string;
  status: string;
  summary: string;
  /** Instants of UTC, or dates. */
  start: string | null;
  end: string | null;
  recurrence: string[];
  seriesId: string | null;
  originalStart: string | null;
}

export interface MirroredOccurrence {
  summary: string;
  start: string;
  end: string;
}

/** A process that mirrors calendars with the gcal_sync library, each in a store of its own. */
export interface GcalSync {
  pid: number;
  sync(calendar: string): Promise<{ ms: number; peakBytes: number }>;
  items(calendar: string): Promise<MirroredItem[]>;
  occurrences(calendar: string, from: string, to: string): Promise<MirroredOccurrence[]>;
  close(): Promise<void>;
}

/** A Python with the library: `ALMANAC_PYTHON`, or one that is made on first use. */
export function findGcalSyncPython(): string {
  return process.env.ALMANAC_PYTHON ?? pythonWith('peers-venv', ['gcal_sync==8.0.0']);
}

export async function startGcalSync(
  python: string,
  { emulatorUrl, refreshToken }: { emulatorUrl: string; refreshToken: string },
): Promise<GcalSync> {
  const child = spawn(python, [SCRIPT, emulatorUrl, refreshToken], { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  // What is written to a process that has ended shows as an ended process below.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function ask<Answer extends object>(command: object): Promise<Answer> {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`gcal_sync ended: ${complaints.join('')}`);
    const answer = JSON.parse(value) as Answer | { error: string };
    if ('error' in answer) throw new Error(`gcal_sync: ${answer.error}`);
    return answer;
  }

  return {
    pid: child.pid ?? 0,
    sync: (calendar) => ask({ op: 'sync', calendar }),
    items: (calendar) => ask({ op: 'items', calendar }),
    occurrences: (calendar, from, to) => ask({ op: 'occurrences', calendar, from, to }),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
