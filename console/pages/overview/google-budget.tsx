import { sayNumber } from '../../components/count.ts';
import { Section } from '../../components/page.tsx';
import { Meter } from '../../components/progress.tsx';
import type { Answer } from '../../data/types.ts';

type Google = Answer<'/api/v1/status'>['google'];

/** What was asked of Google today, and what it comes to by the day's end. */
export function GoogleBudget({ google }: { google: Google }) {
  const { day, requests, forecast, budget, stretchedCalendars } = google;
  const isLimited = budget > 0;
  return (
    <Section title="Requests to Google" actions={<span className="quiet">{day}, Pacific time</span>}>
      <dl className="facts">
        <div>
          <dt>today</dt>
          <dd>{sayNumber(requests)}</dd>
        </div>
        <div>
          <dt>forecast for the day</dt>
          <dd>{sayNumber(forecast)}</dd>
        </div>
        <div>
          <dt>budget of a day</dt>
          <dd>{isLimited ? sayNumber(budget) : 'none set'}</dd>
        </div>
        <div>
          <dt>calendars polled less often</dt>
          <dd>{sayNumber(stretchedCalendars)}</dd>
        </div>
      </dl>
      {isLimited && (
        <div className="section-body">
          <Meter label="Share of the day’s budget" value={requests} max={budget} />
        </div>
      )}
    </Section>
  );
}
