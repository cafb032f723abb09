import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice } from '../../components/field.tsx';
import { NumberField } from '../../components/input-field.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { hoursOf, of, planningKey, type Policy, policyOf } from '../../data/planning.ts';
import { accountsQuery, calendarsQuery } from '../../data/queries.ts';
import type { paths } from '../../data/types.ts';
import { toLimits } from './to-limits.ts';

const MINUTES = [
  ['bufferMinutes', 'Buffer around events, minutes'],
  ['freezeMinutes', 'Blocks stay that start within, minutes'],
  ['days', 'Days that a plan covers'],
] as const;
const KINDS = [
  ['allDay', 'All-day events'],
  ['tentative', 'Tentative events'],
  ['unanswered', 'Unanswered invitations'],
  ['outOfOffice', 'Out of office'],
] as const;
const BUSY_OR_FREE = [
  ['busy', 'busy'],
  ['free', 'free'],
] as const;
const DAY_MINUTES = 1_440;
const GRIDS = [
  ['5', '5 minutes'],
  ['10', '10 minutes'],
  ['15', '15 minutes'],
  ['30', '30 minutes'],
] as const;

type Changes =
  paths['/api/v1/workspaces/{workspaceId}/policy']['patch']['requestBody']['content']['application/json'];

/** Google's access roles with the right to write. */
const WRITABLE_ROLES = ['owner', 'writer'];
/** The account's own calendar, or the first account. */
const DEFAULT = '';

/** Rules of the workspace's plans. */
export function PolicySection({ workspaceId }: { workspaceId: string }) {
  const policy = useQuery(policyOf(workspaceId));
  const hours = useQuery(hoursOf(workspaceId));
  return (
    <Loaded query={policy}>
      {(saved) => (
        <Loaded query={hours}>
          {(types) => (
            <PolicyForm
              key={JSON.stringify(saved)}
              saved={saved}
              hoursTypes={Object.keys(types)}
              workspaceId={workspaceId}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface PolicyFormProps {
  saved: Policy;
  hoursTypes: string[];
  workspaceId: string;
}

function PolicyForm({ saved, hoursTypes, workspaceId }: PolicyFormProps) {
  const [policy, setPolicy] = useState(saved);
  const changed = (Object.keys(policy) as (keyof Policy)[]).filter(
    (field) => JSON.stringify(policy[field]) !== JSON.stringify(saved[field]),
  );
  function pick(from: Policy, instead: Policy): Changes {
    const picked = Object.fromEntries(changed.map((field) => [field, from[field]]));
    if (!changed.includes('maxMinutesPerDay')) return picked;
    return { ...picked, maxMinutesPerDay: toLimits(from.maxMinutesPerDay, instead.maxMinutesPerDay) };
  }
  function change(changes: Partial<Policy>) {
    setPolicy({ ...policy, ...changes });
  }
  function limit(type: string, minutes: number | undefined) {
    const { [type]: _old, ...others } = policy.maxMinutesPerDay;
    change({ maxMinutesPerDay: minutes === undefined ? others : { ...others, [type]: minutes } });
  }
  const patch = (body: Changes) =>
    unwrap(api.PATCH('/api/v1/workspaces/{workspaceId}/policy', { ...of(workspaceId), body }));
  const save = useAction({
    run: () => patch(pick(policy, saved)),
    said: () => 'The policy is saved. The next plan follows it.',
    undo: () => () => patch(pick(saved, policy)),
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Section
        title="Policy"
        actions={
          <Button type="submit" className="button" isDisabled={changed.length === 0 || save.isPending}>
            Save
          </Button>
        }
      >
        <div className="form">
          {MINUTES.map(([field, label]) => (
            <NumberField
              key={field}
              label={label}
              min={0}
              required
              value={policy[field]}
              onChange={(minutes = 0) => change({ [field]: minutes })}
            />
          ))}
          <Choice
            label="Blocks start on a grid of"
            value={String(policy.granularityMinutes) as (typeof GRIDS)[number][0]}
            options={GRIDS}
            onChange={(minutes) => change({ granularityMinutes: Number(minutes) })}
          />
          {KINDS.map(([field, label]) => (
            <Choice
              key={field}
              label={label}
              value={policy[field]}
              options={BUSY_OR_FREE}
              onChange={(value) => change({ [field]: value })}
            />
          ))}
          {hoursTypes.map((type) => (
            <NumberField
              key={type}
              label={`At most a day in ${type}, minutes`}
              min={0}
              max={DAY_MINUTES}
              placeholder="no limit"
              value={policy.maxMinutesPerDay[type]}
              onChange={(minutes) => limit(type, minutes)}
            />
          ))}
          <Target workspaceId={workspaceId} policy={policy} change={change} />
          <Check
            label="Apply a new plan every six hours"
            isChecked={policy.autoApply}
            onChange={(autoApply) => change({ autoApply })}
          />
        </div>
      </Section>
    </form>
  );
}

interface TargetProps {
  workspaceId: string;
  policy: Policy;
  change: (changes: Partial<Policy>) => void;
}

/** Where blocks are written. */
function Target({ workspaceId, policy, change }: TargetProps) {
  const accounts = useQuery(accountsQuery(workspaceId));
  const calendars = useQuery(calendarsQuery(workspaceId));
  return (
    <>
      <Loaded query={accounts} rows={1}>
        {(rows) => (
          <Choice
            label="Blocks are written by"
            value={policy.targetAccountId ?? DEFAULT}
            options={[[DEFAULT, 'the first account'], ...rows.map(({ id, email }) => [id, email] as const)]}
            onChange={(id) => change({ targetAccountId: id === DEFAULT ? null : id })}
          />
        )}
      </Loaded>
      <Loaded query={calendars} rows={1}>
        {(rows) => (
          <Choice
            label="Into"
            value={policy.targetCalendarId ?? DEFAULT}
            options={[
              [DEFAULT, 'a calendar of its own'],
              ...rows
                .filter(({ accessRole }) => WRITABLE_ROLES.includes(accessRole))
                .map(({ id, summary }) => [id, summary] as const),
            ]}
            onChange={(id) => change({ targetCalendarId: id === DEFAULT ? null : id })}
          />
        )}
      </Loaded>
    </>
  );
}
