import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import type { Entry } from './entries.ts';
import { saySpan } from './say-span.ts';

interface DetailsProps {
  entry: Entry;
  calendar: string | undefined;
  timeZone: string;
}

/** The chosen entry, and of a block why it is there. */
export function Details({ entry, calendar, timeZone }: DetailsProps) {
  const { title, busy, tentative, block, why } = entry;
  return (
    <Section title={title}>
      <div className="section-body stack" role="status">
        <p>{saySpan(entry, timeZone)}</p>
        <p className="quiet">{calendar ?? 'Not in Google yet'}</p>
        <p>
          <Badge tone={busy ? 'warn' : 'good'}>{busy ? 'busy' : 'free'}</Badge>{' '}
          {tentative && <Badge tone="quiet">tentative</Badge>}{' '}
          {block !== null && <Badge tone="quiet">{`planned ${block.kind}`}</Badge>}
        </p>
        {block !== null && (
          <>
            <h3>Why here</h3>
            <p>{why ?? sayPinned(block.pinnedBecause)}</p>
          </>
        )}
      </div>
    </Section>
  );
}

function sayPinned(because: string | null): string {
  return because === null ? 'It was planned by an earlier run.' : `It is pinned: ${because}.`;
}
