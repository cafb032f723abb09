import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { type MetricMeter, noopMetricMeter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { HEALTHS } from '../../contracts/health.ts';
import { createGauges } from '../../worker/gauges.ts';
import { createMetrics, HISTOGRAM_BUCKETS } from '../../worker/metrics.ts';

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Almanac[A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

const file = new URL('../../deploy/prometheus/alerts.yaml', import.meta.url);
const rules = rulesSchema.parse(parse(readFileSync(file, 'utf8'))).groups.flatMap((group) => group.rules);

/** Metrics of Temporal's SDK, scraped beside Almanac's. */
const SDK_METRICS = ['temporal_workflow_task_execution_failed'];

/** All metrics that a worker makes, by name. */
function workerMetrics(): Map<string, 'counter' | 'histogram' | 'gauge'> {
  const made: ReturnType<typeof workerMetrics> = new Map();
  const meter: MetricMeter = {
    createCounter: (name) => (made.set(name, 'counter'), noopMetricMeter.createCounter(name)),
    createHistogram: (name) => (made.set(name, 'histogram'), noopMetricMeter.createHistogram(name)),
    createGauge: (name) => (made.set(name, 'gauge'), noopMetricMeter.createGauge(name)),
    withTags: () => meter,
  };
  createMetrics(meter);
  createGauges(meter);
  return made;
}

describe('the alert rules', () => {
  it.each(rules)('$alert is an expression that Prometheus can parse', ({ expr }) => {
    const faults: string[] = [];
    parser.parse(expr).iterate({
      enter({ type, from, to }) {
        if (type.isError) faults.push(`${from}-${to}`);
      },
    });
    expect(faults).toEqual([]);
  });

  it.each(rules)('$alert names metrics and label values that exist', ({ expr }) => {
    const names = [...workerMetrics().keys(), ...SDK_METRICS];
    const used = expr.match(/\b(almanac|temporal)_\w+/g) ?? [];
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect(names).toContain(name);
    for (const [, health] of expr.matchAll(/health!?="(\w+)"/g)) expect(HEALTHS).toContain(health);
  });

  it('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

it('every histogram of a worker has buckets in seconds', () => {
  const histograms = [...workerMetrics()].flatMap(([name, kind]) => (kind === 'histogram' ? [name] : []));
  expect(histograms.toSorted()).toEqual(Object.keys(HISTOGRAM_BUCKETS).toSorted());
});

it('every metric of a worker is in the docs, and no other', () => {
  const page = new URL('../../docs/operate/metrics-and-traces.md', import.meta.url);
  const documented = [...readFileSync(page, 'utf8').matchAll(/`(almanac_(?!api_)[a-z_]+)`/g)];
  expect(new Set(documented.map(([, name]) => name))).toEqual(new Set(workerMetrics().keys()));
});
