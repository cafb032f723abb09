import './usage.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { sayNumber } from '../../components/count.ts';
import { Choice } from '../../components/field.tsx';
import { Page, Section } from '../../components/page.tsx';
import { Empty, Loaded, Loading } from '../../components/states.tsx';
import { lastDays, type UsageRow, usageOf } from '../../data/usage.ts';
import { UsageTables } from './usage-tables.tsx';
import { byDay, type Figure, FIGURES, totalOf } from './usage-sums.ts';

/** The chart's library is as large as the rest of the page. */
const UsageChart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }));

const RANGES = [
  ['7', 'last 7 days'],
  ['30', 'last 30 days'],
  ['90', 'last 90 days'],
] as const;

const SAID: Record<Figure, string> = {
  googleRequests: 'requests to Google',
  syncs: 'syncs of calendars',
  changes: 'changed events',
  eventWrites: 'writes of events',
};

/** What workspaces used, by day. */
export function UsagePage() {
  const { workspaceId } = useParams({ strict: false });
  const [days, setDays] = useState<(typeof RANGES)[number][0]>('30');
  const usage = useQuery(usageOf(workspaceId, Number(days)));
  return (
    <Page
      title="Usage"
      lead={`${workspaceId ?? 'All workspaces'}, by Google’s day, which is that of Pacific time`}
      actions={<Choice label="Days" value={days} options={RANGES} onChange={setDays} />}
    >
      <Loaded query={usage} rows={10}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="section">
              <Empty title="Nothing was used in these days">A sync counts here within a minute.</Empty>
            </div>
          ) : (
            <UsageShown rows={rows} days={lastDays(Number(days))} isOfOne={workspaceId !== undefined} />
          )
        }
      </Loaded>
    </Page>
  );
}

interface UsageShownProps {
  rows: UsageRow[];
  days: string[];
  isOfOne: boolean;
}

function UsageShown({ rows, days, isOfOne }: UsageShownProps) {
  const [figure, setFigure] = useState<Figure>('googleRequests');
  const totals = totalOf(rows);
  const sums = byDay(rows, days);
  return (
    <>
      <Section title="By day">
        <div className="figures" role="group" aria-label="What the chart shows">
          {FIGURES.map((each) => (
            <button
              key={each}
              type="button"
              className="figure"
              aria-pressed={each === figure}
              onClick={() => setFigure(each)}
            >
              <span className="quiet">{SAID[each]}</span>
              <strong>{sayNumber(totals[each])}</strong>
            </button>
          ))}
        </div>
        <Suspense fallback={<Loading rows={6} />}>
          <UsageChart days={sums} figure={figure} said={SAID[figure]} />
        </Suspense>
      </Section>
      <UsageTables rows={rows} days={sums} isOfOne={isOfOne} />
    </>
  );
}
