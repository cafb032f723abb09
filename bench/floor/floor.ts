import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Work of a bare loop: `events` writes only `calendar_events`, `everything` also occurrences and changes. */
export const floorInputSchema = z.object({
  variant: z.enum(['events', 'everything']),
  databaseUrl: z.string(),
  emulatorUrl: z.string(),
  refreshToken: z.string(),
  googleCalendarId: z.string(),
  target: z.object({ workspaceId: z.string(), calendarId: z.string() }),
});
export type FloorInput = z.infer<typeof floorInputSchema>;
export type FloorVariant = FloorInput['variant'];

const floorResultSchema = z.object({
  /** From the first request to the last commit. */
  ms: z.number(),
  requests: z.number(),
  peakBytes: z.number(),
});
export type FloorResult = z.infer<typeof floorResultSchema>;

const SCRIPT = new URL('./floor-process.js', import.meta.url);

/** Runs a floor in its own process, which is as cold as a new worker. */
export async function runFloor(input: FloorInput): Promise<FloorResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(SCRIPT),
    JSON.stringify(input),
  ]);
  return floorResultSchema.parse(JSON.parse(stdout));
}
