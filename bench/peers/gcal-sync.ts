import { join } from 'node:path';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { pythonWith } from '../support/python.ts';
import { type LineProcess, startLineProcess } from './line-process.ts';

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

/** A process that mirrors calendars with the gcal_sync library, each in its own store. */
export interface GcalSync extends Pick<LineProcess, 'pid' | 'kill' | 'close'> {
  sync(calendar: string): Promise<{ ms: number }>;
  /** Empties its store of a calendar. */
  forget(calendar: string): Promise<object>;
  /** Forgets a calendar first. */
  resync(calendar: string): Promise<{ ms: number }>;
  items(calendar: string): Promise<MirroredItem[]>;
  occurrences(calendar: string, from: string, to: string): Promise<MirroredOccurrence[]>;
  /** Time to find the occurrences. */
  expand(calendar: string, from: string, to: string): Promise<{ ms: number }>;
}

interface GcalSyncOptions {
  emulatorUrl: string;
  refreshToken: string;
  /** File in which stores outlive the process. Default: in memory only. */
  storeFile?: string;
}

/** A Python with the library: `ALMANAC_PYTHON`, or one that is made on first use. */
export function findGcalSyncPython(): string {
  return process.env.ALMANAC_PYTHON ?? pythonWith('peers-venv', ['gcal_sync==8.0.0']);
}

export function startGcalSync(python: string, options: GcalSyncOptions): GcalSync {
  const { emulatorUrl, refreshToken, storeFile } = options;
  const args = [SCRIPT, emulatorUrl, refreshToken, ...(storeFile === undefined ? [] : [storeFile])];
  const child = startLineProcess('gcal_sync', python, args);
  return {
    ...child,
    sync: (calendar) => child.ask({ op: 'sync', calendar }),
    forget: (calendar) => child.ask({ op: 'forget', calendar }),
    resync: (calendar) => child.ask({ op: 'resync', calendar }),
    items: (calendar) => child.ask({ op: 'items', calendar }),
    occurrences: (calendar, from, to) => child.ask({ op: 'occurrences', calendar, from, to }),
    expand: (calendar, from, to) => child.ask({ op: 'expand', calendar, from, to }),
  };
}
