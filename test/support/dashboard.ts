import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { z } from 'zod';

const dashboardSchema = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
    }),
  ),
});

const file = new URL('../../deploy/grafana/almanac.json', import.meta.url);

/** Queries of the dashboard, with an interval as Grafana puts it in. */
export const dashboardQueries = dashboardSchema
  .parse(JSON.parse(readFileSync(file, 'utf8')))
  .panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({
      title,
      expr: expr.replaceAll('$__rate_interval', '5m'),
      legend: legendFormat,
    })),
  );

interface Asked {
  metrics: string[];
  /** Labels that are selected or grouped by. */
  labels: string[];
}

/** What a query asks Prometheus for. Throws where Prometheus could not parse it. */
export function askedBy(expr: string): Asked {
  const asked: Asked = { metrics: [], labels: [] };
  parser.parse(expr).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`${expr} is malformed at ${from}.`);
      const text = expr.slice(from, to);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') asked.metrics.push(text);
      if (type.name === 'LabelName') asked.labels.push(text);
    },
  });
  return asked;
}

/**
 * What the dashboard asks for and a text of `/metrics` does not have, as `metric` or `metric{label}`.
 * @param isTheirs whether the process behind that text makes the metric
 */
export function missingIn(exposition: string, isTheirs: (metric: string) => boolean): string[] {
  const lines = exposition.split('\n');
  return dashboardQueries.flatMap(({ expr }) => {
    const { metrics, labels } = askedBy(expr);
    return metrics.filter(isTheirs).flatMap((metric) => {
      const series = lines.filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
      if (series.length === 0) return [metric];
      return labels
        .filter((label) => !series.some((line) => new RegExp(`[{,]${label}="`).test(line)))
        .map((label) => `${metric}{${label}}`);
    });
  });
}
