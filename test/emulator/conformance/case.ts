import { randomUUID } from 'node:crypto';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { z } from 'zod';
import type { Answer, Target } from './target.ts';

/** A request, and what Google documents of its answer. */
export interface Case {
  name: string;
  /** Google's page that says so. */
  source: string;
  ask(target: Target): Promise<Answer>;
  expected: z.ZodType;
  /** The answer as the page prints it. */
  documented?: Answer;
  /** Whether it needs what only an emulator can be asked for. */
  emulatorOnly?: boolean;
}

export const GUIDES = 'https://developers.google.com/workspace/calendar/api/guides';
export const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference';
const NEXT_YEAR = new Date().getUTCFullYear() + 1;
export const at = (day: string) => `${NEXT_YEAR}-${day}T09:00:00Z`;

export const newId = () => randomUUID().replaceAll('-', '');
export const instant = z.iso.datetime({ offset: true });
export const token = z.string().min(1);
export const answer = (status: number, body: z.ZodType) => z.object({ status: z.literal(status), body });

export async function insert({ api, calendarId }: Target, event: calendar_v3.Schema$Event): Promise<string> {
  const { data } = await api.events.insert({ calendarId, requestBody: event });
  return data.id ?? '';
}

export async function syncTokenOf({ api, calendarId }: Target): Promise<string> {
  let pageToken: string | undefined;
  for (;;) {
    const { data } = await api.events.list({ calendarId, ...(pageToken !== undefined && { pageToken }) });
    if (data.nextSyncToken) return data.nextSyncToken;
    pageToken = data.nextPageToken ?? undefined;
  }
}
