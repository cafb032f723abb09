import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

/** Parts of a history from `npm run record-histories` that the replay tests read. */
export interface RecordedHistory {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  }[];
}

export const HISTORIES = join(PROJECT_ROOT, 'test', 'replay', 'histories');

export const HISTORY_NAMES = readdirSync(HISTORIES).map((file) => file.replace(/\.json$/, ''));

export function readHistory(name: string): RecordedHistory {
  return JSON.parse(readFileSync(join(HISTORIES, `${name}.json`), 'utf8')) as RecordedHistory;
}
