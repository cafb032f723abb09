import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { InputField } from '../../components/input-field.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Permit, permitCalls, permitsOf } from '../../data/availability.ts';

/** Who else may read when a workspace is busy. */
export function Permits({ workspaceId }: { workspaceId: string }) {
  const [reader, setReader] = useState('');
  const permits = useQuery(permitsOf(workspaceId));
  const calls = permitCalls(workspaceId);
  const changes = [permitsOf(workspaceId).queryKey];
  const add = useAction({
    run: () => calls.add(reader.trim()),
    said: ({ readerId }) => `${readerId} may read when ${workspaceId} is busy.`,
    undo:
      ({ readerId }) =>
      () =>
        calls.remove(readerId),
    changes,
  });
  const remove = useAction({
    run: calls.remove,
    said: (_, readerId) => `${readerId} may no longer read when ${workspaceId} is busy.`,
    undo: (_, readerId) => () => calls.add(readerId),
    changes,
  });
  const columns: Column<Permit>[] = [
    { title: 'Workspace', width: 'minmax(8rem, 2fr)', cell: ({ readerId }) => readerId },
    { title: 'Since', width: '7rem', minor: true, cell: ({ createdAt }) => <Ago at={createdAt} /> },
    {
      title: 'Actions',
      below: 'bare',
      width: '7rem',
      align: 'end',
      cell: ({ readerId }) => (
        <span className="row-actions">
          <Button
            className="button"
            aria-label={`Take back the permit of ${readerId}`}
            isDisabled={remove.isPending}
            onPress={() => remove.mutate(readerId)}
          >
            Take back
          </Button>
        </span>
      ),
    },
  ];
  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setReader('') });
  }
  return (
    <Section title="Who may read these busy times">
      <form className="form" onSubmit={submit}>
        <InputField
          label="Workspace that may read"
          required
          placeholder="grace"
          value={reader}
          onChange={setReader}
        />
        <Button type="submit" className="button" isDisabled={add.isPending}>
          Permit
        </Button>
      </form>
      <Loaded query={permits}>
        {(rows) => (
          <DataTable
            label="Permits"
            columns={columns}
            rows={rows}
            rowKey={({ readerId }) => readerId}
            empty="No other workspace may read them"
            emptyHint="A permit shows busy times, and no title."
          />
        )}
      </Loaded>
    </Section>
  );
}
