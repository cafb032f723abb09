import { useState } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Badge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Ago } from '../../components/time.tsx';
import { type Change, useChanges } from '../../data/use-changes.ts';

const TONES = { insert: 'good', update: 'quiet', delete: 'warn' } as const;

interface ChangeLogProps {
  workspaceId: string;
  calendars: { id: string; summary: string }[];
}

/** The mirror's changes as they happen, newest first. */
export function ChangeLog({ workspaceId, calendars }: ChangeLogProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title="Change log">
      <details onToggle={(event) => setOpen(event.currentTarget.open)} className="section-body">
        <summary>Follow changes as they are written</summary>
        {isOpen && <LiveChanges workspaceId={workspaceId} calendars={calendars} />}
      </details>
    </Section>
  );
}

function LiveChanges({ workspaceId, calendars }: ChangeLogProps) {
  const { changes, isLive } = useChanges(workspaceId);
  const nameOf = new Map(calendars.map(({ id, summary }) => [id, summary]));
  const columns: Column<Change>[] = [
    { title: 'Written', width: '7rem', cell: ({ changedAt }) => <Ago at={changedAt} /> },
    {
      title: 'Operation',
      width: '6rem',
      cell: ({ operation }) => <Badge tone={TONES[operation]}>{operation}</Badge>,
    },
    {
      title: 'Calendar',
      width: 'minmax(7rem, 1fr)',
      cell: ({ calendarId }) => nameOf.get(calendarId) ?? calendarId,
    },
    {
      title: 'Event',
      width: 'minmax(9rem, 2fr)',
      cell: ({ event, googleEventId }) => titleOf(event) ?? <code>{googleEventId}</code>,
    },
    {
      title: 'Correlation ID',
      width: 'minmax(7rem, 1fr)',
      minor: true,
      cell: ({ correlationId }) => correlationId && <code>{correlationId}</code>,
    },
  ];
  return (
    <>
      <p role="status" className="quiet">
        {isLive ? 'Live' : 'Connecting'}
      </p>
      <DataTable
        label="Changes, newest first"
        columns={columns}
        rows={changes}
        rowKey={({ position }) => position}
        empty="Nothing has changed yet"
      />
    </>
  );
}

function titleOf(event: Record<string, unknown> | null): string | null {
  return typeof event?.summary === 'string' ? event.summary : null;
}
