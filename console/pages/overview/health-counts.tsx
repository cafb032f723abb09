import { Link } from '@tanstack/react-router';
import { Ago } from '../../components/time.tsx';
import { sayNumber } from '../../components/count.ts';
import { HealthBadge, HEALTHS } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import type { Answer } from '../../data/types.ts';

type Overall = Answer<'/api/v1/status'>['overall'];

/** How many calendars are in which health; each count leads to its workspaces. */
export function HealthCounts({ overall }: { overall: Overall }) {
  const byHealth = overall.byHealth as Record<string, number>;
  return (
    <Section title="Calendars" actions={<HealthBadge health={overall.health} />}>
      <dl className="facts">
        {HEALTHS.filter((health) => health === 'healthy' || byHealth[health]).map((health) => (
          <div key={health}>
            <dt>
              <Link to="/workspaces" search={{ health }}>
                {health.replaceAll('_', ' ')}
              </Link>
            </dt>
            <dd>{sayNumber(byHealth[health] ?? 0)}</dd>
          </div>
        ))}
        <div>
          <dt>oldest proof of freshness</dt>
          <dd>
            <Ago at={overall.oldestProvenAt} never="none yet" />
          </dd>
        </div>
      </dl>
    </Section>
  );
}
