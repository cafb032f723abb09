import type { SyncMode, SyncRequest } from '../contracts/sync.ts';

/** What several requests together ask of one calendar: a full sync includes an incremental one. */
export function modeAskedFor(requests: readonly SyncRequest[], calendarId: string): SyncMode | null {
  const asking = requests.filter((request) => request.calendarIds?.includes(calendarId) ?? true);
  if (asking.length === 0) return null;
  return asking.some((request) => request.mode === 'full') ? 'full' : 'incremental';
}

/** A request that names its calendars wants those and nothing else: no calendar list is refreshed for it. */
export function namesItsCalendars(request: SyncRequest): boolean {
  // A client in another language may write null for nothing.
  return (request.calendarIds ?? null) !== null;
}
