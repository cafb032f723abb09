import { useQuery } from '@tanstack/react-query';
import { sayNumber } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { HealthBadge } from '../../components/health.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago, sayDuration } from '../../components/time.tsx';
import { Toggle } from '../../components/toggle.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { calendarsQuery } from '../../data/queries.ts';
import type { Answer } from '../../data/types.ts';

type Calendar = Answer<'/api/v1/workspaces/{workspaceId}/calendars'>[number];
type Proof = Answer<'/api/v1/workspaces/{workspaceId}/status'>['calendars'][number];
/** Null gives the choice back to Almanac. */
type Setting = { enabled: boolean } | { takesTime: boolean | null };

const SECOND_MS = 1_000;

interface CalendarsProps {
  workspaceId: string;
  proofs: Proof[];
}

/** Calendars with the proof of their freshness, and what of them is used. */
export function Calendars({ workspaceId, proofs }: CalendarsProps) {
  const calendars = useQuery(calendarsQuery(workspaceId));
  const change = (calendarId: string, body: Setting) =>
    unwrap(
      api.PATCH('/api/v1/workspaces/{workspaceId}/calendars/{calendarId}', {
        params: { path: { workspaceId, calendarId } },
        body,
      }),
    );
  const set = useAction({
    run: ({ calendar, setting }: { calendar: Calendar; setting: Setting }) => change(calendar.id, setting),
    said: ({ summary, enabled, takesTime }, { setting }) =>
      'enabled' in setting
        ? `${summary} is ${enabled ? 'synced from now on' : 'no longer synced'}.`
        : `Events of ${summary} ${takesTime ? 'take up time' : 'take up no time'}.`,
    undo: (_, { calendar, setting }) => {
      const former: Setting =
        'enabled' in setting
          ? { enabled: calendar.enabled }
          : { takesTime: calendar.takesTimeChosen ? calendar.takesTime : null };
      return () => change(calendar.id, former);
    },
    changes: [['workspace', workspaceId]],
  });
  const proofOf = new Map(proofs.map((proof) => [proof.id, proof]));
  const columns: Column<Calendar>[] = [
    {
      title: 'Calendar',
      width: 'minmax(9rem, 2fr)',
      cell: ({ summary, timeZone }) => <span title={timeZone}>{summary}</span>,
    },
    {
      title: 'Health',
      width: 'minmax(7rem, 9rem)',
      cell: ({ id }) => {
        const proof = proofOf.get(id);
        return (
          proof && (
            <span title={proof.reason?.sentence}>
              <HealthBadge health={proof.health} />
            </span>
          )
        );
      },
    },
    {
      title: 'Equal to Google',
      below: 'named',
      width: 'minmax(7rem, 1fr)',
      cell: ({ id }) => <Ago at={proofOf.get(id)?.provenAt} />,
    },
    {
      title: 'Promised within',
      width: '8rem',
      minor: true,
      cell: ({ id }) => sayDuration((proofOf.get(id)?.promisedSeconds ?? 0) * SECOND_MS),
    },
    {
      title: 'Next sync',
      width: 'minmax(6rem, 1fr)',
      minor: true,
      cell: ({ id }) => <Ago at={proofOf.get(id)?.nextSyncAt} />,
    },
    {
      title: 'Verified',
      width: 'minmax(6rem, 1fr)',
      minor: true,
      cell: ({ id }) => <Ago at={proofOf.get(id)?.verifiedAt} />,
    },
    {
      title: 'Failures',
      width: '5rem',
      align: 'end',
      minor: true,
      cell: ({ id }) => sayNumber(proofOf.get(id)?.failures ?? 0),
    },
    {
      title: 'Synced',
      below: 'named',
      width: '4rem',
      cell: (calendar) => (
        <Toggle
          label={`Sync ${calendar.summary}`}
          isOn={calendar.enabled}
          isDisabled={calendar.status === 'removed'}
          onChange={(enabled) => set.mutate({ calendar, setting: { enabled } })}
        />
      ),
    },
    {
      title: 'Takes up time',
      below: 'named',
      width: '6.5rem',
      cell: (calendar) => (
        <Toggle
          label={`${calendar.summary} takes up time`}
          isOn={calendar.takesTime}
          onChange={(takesTime) => set.mutate({ calendar, setting: { takesTime } })}
        />
      ),
    },
  ];
  return (
    <Section title="Calendars">
      <Loaded query={calendars}>
        {(rows) => (
          <DataTable
            label="Calendars"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            empty="No calendar has been listed yet"
            emptyHint="The first sync of an account lists its calendars."
          />
        )}
      </Loaded>
    </Section>
  );
}
