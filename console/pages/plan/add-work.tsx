import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { InputField } from '../../components/input-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { planningKey } from '../../data/planning.ts';

interface AddWorkProps<Work extends { title: string | undefined }> {
  workspaceId: string;
  /** Name of the field for its title. */
  label: string;
  empty: Work;
  add: (work: Work) => Promise<{ id: string; title: string }>;
  remove: (id: string) => Promise<unknown>;
  /** Fields beside the title. */
  children: (work: Work, change: (changes: Partial<Work>) => void) => ReactNode;
}

/** A form that adds a task or a habit. */
export function AddWork<Work extends { title: string | undefined }>(props: AddWorkProps<Work>) {
  const { workspaceId, label, empty, remove, children } = props;
  const [work, setWork] = useState(empty);
  const add = useAction({
    run: () => props.add(work),
    said: ({ title }) => `“${title}” is added. The next plan places it.`,
    undo:
      ({ id }) =>
      () =>
        remove(id),
    changes: [planningKey(workspaceId)],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setWork(empty) });
  }
  return (
    <form className="form" onSubmit={submit}>
      <InputField
        label={label}
        isWide
        required
        value={work.title ?? ''}
        onChange={(title) => setWork({ ...work, title })}
      />
      {children(work, (changes) => setWork({ ...work, ...changes }))}
      <Button type="submit" className="button button-primary" isDisabled={add.isPending}>
        Add
      </Button>
    </form>
  );
}
