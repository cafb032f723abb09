import { describe, expect, it } from 'vitest';
import { askedBy, dashboardQueries } from '../support/dashboard.ts';

describe('the dashboard', () => {
  it.each(dashboardQueries)('$title: $expr is a query that Prometheus can parse', ({ expr }) => {
    expect(askedBy(expr).metrics).not.toEqual([]);
  });

  it.each(dashboardQueries)('$title: $expr keeps the labels of its legend', ({ expr, legend }) => {
    const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(askedBy(expr).labels).toEqual(expect.arrayContaining(shown));
  });
});
