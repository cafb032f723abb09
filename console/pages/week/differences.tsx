import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import type { Answer } from '../../data/types.ts';
import { saySpan } from './say-span.ts';

type Past = NonNullable<Answer<'/api/v1/workspaces/{workspaceId}/events'>['past']>;

const TONES = { added: 'good', moved: 'warn', changed: 'quiet', removed: 'bad' } as const;

/** What has changed between the shown moment and now. */
export function Differences({ past, timeZone }: { past: Past; timeZone: string }) {
  const { differences = [] } = past;
  return (
    <Section title="What has changed since">
      {differences.length === 0 ? (
        <p className="section-body quiet">Nothing.</p>
      ) : (
        <ul className="section-body stack">
          {differences.map(({ kind, before, now }) => (
            <li key={`${kind} ${before?.id} ${now?.id}`}>
              <Badge tone={TONES[kind]}>{kind}</Badge> {(now ?? before)?.title ?? '(no title)'}
              {before && <p className="quiet">was {saySpan(before, timeZone)}</p>}
              {now && <p className="quiet">is {saySpan(now, timeZone)}</p>}
            </li>
          ))}
        </ul>
      )}
      {past.hasMoreDifferences && <p className="section-body quiet">And more.</p>}
    </Section>
  );
}
