import { Section } from '../../components/page.tsx';
import type { Answer } from '../../data/types.ts';

type Plan = Answer<'/api/v1/workspaces/{workspaceId}/plan/runs/{runId}'>;

/** What the newest plan did not place, and why not. */
export function NotPlaced({ plan }: { plan: Plan }) {
  return (
    <Section title="Not placed">
      {plan.unscheduled.length === 0 ? (
        <p className="section-body quiet">Everything has a place.</p>
      ) : (
        <ul className="section-body stack">
          {plan.unscheduled.map(({ refId, date, title, minutes, sentence }) => (
            <li key={`${refId} ${date}`}>
              <strong>{title}</strong>
              <span className="quiet">
                {' '}
                {minutes} min{date !== undefined && `, ${date}`}
              </span>
              <p>{sentence}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
