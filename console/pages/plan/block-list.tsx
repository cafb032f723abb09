import './plan.css';
import type { ReactNode } from 'react';
import { Badge } from '../../components/health.tsx';
import { sayDay, saySpan } from '../../components/moment.ts';

/** A block in a list, now or after a plan. */
export interface ListedBlock {
  id: string;
  kind: 'task' | 'habit';
  name: string;
  start: string;
  end: string;
  /** What a plan does with it. */
  change?: 'new' | 'moves' | 'goes' | undefined;
  isPinned: boolean;
  /** Why it is there. */
  why?: string | undefined;
  /** Where it moves to or from, and what can be done with it. */
  note?: string | undefined;
  action?: ReactNode;
}

export const CHANGE_TONES = { new: 'good', moves: 'warn', goes: 'bad' } as const;

/** Blocks by day, in the reader's zone. */
export function BlockList({ label, blocks }: { label: string; blocks: readonly ListedBlock[] }) {
  return (
    <div className="block-list" role="group" aria-label={label}>
      {[...byDay(blocks)].map(([day, listed]) => (
        <div key={day}>
          <h3>{day}</h3>
          <ul>
            {listed.map((block) => (
              <li key={block.id} className={`block block-${block.kind}`}>
                <time dateTime={block.start}>{saySpan(block.start, block.end)}</time>
                <div className="block-what">
                  <span className={block.change === 'goes' ? 'block-name block-gone' : 'block-name'}>
                    {block.name}
                  </span>
                  {block.change !== undefined && (
                    <Badge tone={CHANGE_TONES[block.change]}>{block.change}</Badge>
                  )}
                  {block.isPinned && <Badge tone="quiet">pinned</Badge>}
                  {block.note !== undefined && <span className="quiet">{block.note}</span>}
                  {block.why !== undefined && <p className="quiet block-why">{block.why}</p>}
                </div>
                {block.action}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function byDay(blocks: readonly ListedBlock[]): Map<string, ListedBlock[]> {
  const days = new Map<string, ListedBlock[]>();
  for (const block of blocks.toSorted((a, b) => a.start.localeCompare(b.start))) {
    const day = sayDay(block.start);
    days.set(day, [...(days.get(day) ?? []), block]);
  }
  return days;
}
