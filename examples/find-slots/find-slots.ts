import type { AlmanacApi } from 'almanac/api';

const DAY_MS = 86_400_000;
const OLDEST_PROOF_MS = 10 * 60_000;

/** A time at which everyone can come. */
export interface Meeting {
  start: string;
  end: string;
}

/**
 * Up to three times in the next five days at which all workspaces are free for half an hour, with a break of ten
 * minutes before and after, and as near to the middle of their working hours as possible.
 */
export async function findSlots(
  api: AlmanacApi,
  workspaceIds: string[],
  now = Date.now(),
): Promise<Meeting[]> {
  const { data, error } = await api.POST('/api/v1/availability', {
    body: {
      workspaceIds,
      windows: [{ from: new Date(now).toISOString(), to: new Date(now + 5 * DAY_MS).toISOString() }],
      slots: {
        durationMinutes: 30,
        bufferBeforeMinutes: 10,
        bufferAfterMinutes: 10,
        prefer: ['middleOfHours', 'earliest'],
        most: 3,
        overlapping: false,
      },
    },
  });
  if (data === undefined) throw new Error(error.detail);
  const [gap] = data.gaps;
  if (gap !== undefined) throw new Error(`The time of ${gap.workspaceId} is not known: ${gap.code}.`);
  const { provenAt } = data.proof;
  if (provenAt === null || now - Date.parse(provenAt) > OLDEST_PROOF_MS) await syncAll(api, workspaceIds);
  return data.slots?.map(({ start, end }) => ({ start, end })) ?? [];
}

/** Requests syncs, without waiting for them: the next question has a newer answer. */
async function syncAll(api: AlmanacApi, workspaceIds: string[]): Promise<void> {
  for (const workspaceId of workspaceIds)
    await api.POST('/api/v1/workspaces/{workspaceId}/calendar/sync', {
      params: { path: { workspaceId } },
      body: null,
    });
}
