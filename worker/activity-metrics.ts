import { activityInfo } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Metrics } from '../services/metrics.ts';

/** Counts attempts after the first, which Temporal's own metrics do not distinguish. */
export function activityMetrics(metrics: Metrics): ActivityInterceptorsFactory {
  return () => ({
    inbound: {
      async execute(input, next) {
        const { attempt, activityType } = activityInfo();
        if (attempt > 1) metrics.activityRetried(activityType);
        return next(input);
      },
    },
  });
}
