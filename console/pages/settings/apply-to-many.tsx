import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { sayCount } from '../../components/count.ts';
import { Choice } from '../../components/field.tsx';
import { InputField } from '../../components/input-field.tsx';
import { Progress } from '../../components/progress.tsx';
import { Loaded } from '../../components/states.tsx';
import { useAction } from '../../components/use-action.ts';
import { applicationOf, templateCalls } from '../../data/templates.ts';

/** A date as the API writes it. */
const isoDate = new Intl.DateTimeFormat('en-CA');

const TARGETS = [
  ['named', 'these workspaces'],
  ['all', 'all workspaces'],
] as const;

/** Which application is followed is kept for as long as the console is open. */
const FOLLOWED = ['followed-application'];

/** Makes a template's tasks and habits in many workspaces, and shows how far that is. */
export function ApplyToMany({ template }: { template: string }) {
  const client = useQueryClient();
  const [target, setTarget] = useState<(typeof TARGETS)[number][0]>('named');
  const [named, setNamed] = useState('');
  const [start, setStart] = useState(() => isoDate.format(Date.now()));
  const apply = useAction({
    run: async () => {
      const workspaceIds = named.split(/[\s,]+/).filter((id) => id !== '');
      const which = target === 'all' ? { all: true } : { workspaceIds: [...new Set(workspaceIds)] };
      const { applicationId } = await templateCalls.applyToMany(template, { start, ...which });
      client.setQueryData(FOLLOWED, applicationId);
    },
    said: () => `${template} is being made. It goes on when you leave this page.`,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    apply.mutate();
  }
  return (
    <form className="chosen form" onSubmit={submit} aria-label={`Apply ${template}`}>
      <Choice label="In" value={target} options={TARGETS} onChange={setTarget} />
      {target === 'named' && (
        <InputField
          label="Workspaces of the template"
          isWide
          required
          placeholder="ada, grace"
          value={named}
          onChange={setNamed}
        />
      )}
      <InputField label="Days count from" type="date" required value={start} onChange={setStart} />
      <Button type="submit" className="button button-primary" isDisabled={apply.isPending}>
        Apply
      </Button>
    </form>
  );
}

/** How far the latest application is. */
export function ApplicationProgress() {
  const { data: applicationId } = useQuery<string | null>({
    queryKey: FOLLOWED,
    queryFn: () => null,
    staleTime: Infinity,
    gcTime: Infinity,
    initialData: null,
  });
  const application = useQuery(applicationOf(applicationId));
  if (applicationId === null) return null;
  return (
    <div className="section-body stack" role="status">
      <Loaded query={application} rows={1}>
        {({ state, progress }) => {
          if (state === 'ended') return <p>The application was ended too early: apply the template again.</p>;
          if (progress === null) return <Progress label="Waiting for a worker" />;
          const { applied, skipped, failed, left, sampleFailures } = progress;
          const done = applied + skipped + failed;
          return (
            <>
              {state === 'running' ? (
                <Progress
                  label={
                    left === null
                      ? 'Making the template'
                      : `Made in ${done} of ${sayCount(done + left, 'workspace')}`
                  }
                  {...(left !== null && { done, total: done + left })}
                />
              ) : (
                <p>{`Made in ${sayCount(applied, 'workspace')}; ${failed} failed, ${skipped} had it already.`}</p>
              )}
              {sampleFailures.length > 0 && (
                <ul>
                  {sampleFailures.map(({ workspaceId, error }) => (
                    <li key={workspaceId}>
                      <strong>{workspaceId}</strong>: {error}
                    </li>
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
