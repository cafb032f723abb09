import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Check, Choice, Field } from '../../components/field.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { of, planningKey, type Policy, policyOf } from '../../data/planning.ts';

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
const GRIDS = [
  ['5', '5 minutes'],
  ['10', '10 minutes'],
  ['15', '15 minutes'],
  ['30', '30 minutes'],
] as const;

type Changes = Partial<Omit<Policy, 'granularityMinutes'>> & { granularityMinutes?: 5 | 10 | 15 | 30 };

/** Rules of the workspace's plans. */
export function PolicySection({ workspaceId }: { workspaceId: string }) {
  const policy = useQuery(policyOf(workspaceId));
  return (
    <Loaded query={policy}>
      {(saved) => <PolicyForm key={JSON.stringify(saved)} saved={saved} workspaceId={workspaceId} />}
    </Loaded>
  );
}

function PolicyForm({ saved, workspaceId }: { saved: Policy; workspaceId: string }) {
  const [policy, setPolicy] = useState(saved);
  const changed = (Object.keys(policy) as (keyof Policy)[]).filter((field) => policy[field] !== saved[field]);
  const pick = (from: Policy) => Object.fromEntries(changed.map((field) => [field, from[field]])) as Changes;
  const patch = (body: Changes) =>
    unwrap(api.PATCH('/api/v1/workspaces/{workspaceId}/policy', { ...of(workspaceId), body }));
  const save = useAction({
    run: () => patch(pick(policy)),
    said: () => 'The policy is saved. The next plan follows it.',
    undo: () => () => patch(pick(saved)),
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
            <Field key={field} label={label}>
              <input
                type="number"
                min={0}
                required
                value={policy[field]}
                onChange={(event) => setPolicy({ ...policy, [field]: Number(event.target.value) })}
              />
            </Field>
          ))}
          <Choice
            label="Blocks start on a grid of"
            value={String(policy.granularityMinutes) as (typeof GRIDS)[number][0]}
            options={GRIDS}
            onChange={(minutes) => setPolicy({ ...policy, granularityMinutes: Number(minutes) })}
          />
          {KINDS.map(([field, label]) => (
            <Choice
              key={field}
              label={label}
              value={policy[field]}
              options={BUSY_OR_FREE}
              onChange={(value) => setPolicy({ ...policy, [field]: value })}
            />
          ))}
          <Check
            label="Apply a new plan every six hours"
            isChecked={policy.autoApply}
            onChange={(autoApply) => setPolicy({ ...policy, autoApply })}
          />
        </div>
      </Section>
    </form>
  );
}
