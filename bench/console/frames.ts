import { z } from 'zod';
import { percentile } from '../support/statistics.ts';

/** Chromium's reports of its compositor, one for each frame. */
export const FRAME_REPORTS = 'disabled-by-default-devtools.timeline.frame';
const MICROSECONDS = 1_000;

const traceSchema = z.object({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      ts: z.number().default(0),
      id2: z.looseObject({ local: z.string().optional() }).optional(),
      args: z
        .looseObject({
          frame_reporter: z.looseObject({ state: z.string(), affects_smoothness: z.boolean() }).optional(),
        })
        .optional(),
    }),
  ),
});

type Report = z.infer<typeof traceSchema>['traceEvents'][number];

/** IDs are used again. */
const isEndOf = (end: Report, { pid, id2, ts }: Report) =>
  end.ph === 'e' && end.pid === pid && end.id2?.local === id2?.local && end.ts >= ts;

export interface Frames {
  presented: number;
  /** Frames that the reader missed although something had moved, of all frames of movement. */
  droppedShare: number;
  /** Between two frames that were presented. */
  medianMs: number;
  p95Ms: number;
}

/** What a trace of Chromium says about the frames of the page that made most of them. */
export function framesOf(trace: Buffer): Frames {
  const reports = traceSchema
    .parse(JSON.parse(trace.toString('utf8')))
    .traceEvents.filter(({ name }) => name === 'PipelineReporter')
    .toSorted((a, b) => a.ts - b.ts);
  const begun = reports.filter(({ args }) => args?.frame_reporter !== undefined);
  const pids = [...new Set(begun.map(({ pid }) => pid))];
  const [ofPage = []] = pids
    .map((pid) => begun.filter((report) => report.pid === pid))
    .toSorted((a, b) => b.length - a.length);
  const presentedAt = ofPage
    .filter(({ args }) => args?.frame_reporter?.state.startsWith('STATE_PRESENTED'))
    .map((begin) => reports.find((end) => isEndOf(end, begin))?.ts ?? begin.ts)
    .toSorted((a, b) => a - b);
  const dropped = ofPage.filter(
    ({ args }) => args?.frame_reporter?.state === 'STATE_DROPPED' && args.frame_reporter.affects_smoothness,
  ).length;
  const took = presentedAt.slice(1).map((at, index) => (at - (presentedAt[index] ?? at)) / MICROSECONDS);
  return {
    presented: presentedAt.length,
    droppedShare: dropped / (presentedAt.length + dropped),
    medianMs: percentile(took, 0.5),
    p95Ms: percentile(took, 0.95),
  };
}
