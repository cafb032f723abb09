import { Checks } from '../../components/checks.tsx';
import { Choice } from '../../components/field.tsx';
import { InputField } from '../../components/input-field.tsx';
import type { NotifierFields } from '../../data/settings.ts';

type Notice = NotifierFields['notices'][number];

const EVERYWHERE = [
  ['dead-letter', 'work stays failed'],
  ['needs-reconnect', 'an account needs reconnection'],
  ['plan-applied', 'a plan was applied'],
] as const satisfies [Notice, string][];
const OF_A_WORKSPACE = [
  ['daily-agenda', 'daily agenda'],
  ['weekly-summary', 'weekly summary'],
] as const satisfies [Notice, string][];
const OF_THE_INSTALLATION = [['health-report', 'daily health report']] as const satisfies [Notice, string][];
const REPORTS: readonly Notice[] = ['daily-agenda', 'weekly-summary', 'health-report'];

const WEEKDAYS = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;
const LAST_HOUR = 23;

interface NotifierChoicesProps {
  workspaceId: string | undefined;
  fields: NotifierFields;
  change: (changes: Partial<NotifierFields>) => void;
}

/** What a notifier receives, and when its reports are sent. */
export function NotifierChoices({ workspaceId, fields, change }: NotifierChoicesProps) {
  const { notices, agendaHour, summaryWeekday } = fields;
  const options: [Notice, string][] = [
    ...EVERYWHERE,
    ...(workspaceId === undefined ? OF_THE_INSTALLATION : OF_A_WORKSPACE),
  ];
  return (
    <>
      <Checks
        label="Notices"
        options={options}
        values={notices}
        onChange={(chosen) => change({ notices: chosen })}
      />
      {notices.some((notice) => REPORTS.includes(notice)) && (
        <InputField
          label={
            workspaceId === undefined ? 'Reports at hour, UTC' : 'Reports at hour, of the workspace’s zone'
          }
          type="number"
          required
          min={0}
          max={LAST_HOUR}
          value={String(agendaHour)}
          onChange={(hour) => change({ agendaHour: Number(hour) })}
        />
      )}
      {notices.includes('weekly-summary') && (
        <Choice
          label="Summary on"
          value={summaryWeekday}
          options={WEEKDAYS}
          onChange={(weekday) => change({ summaryWeekday: weekday })}
        />
      )}
    </>
  );
}
