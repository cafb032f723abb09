import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { sayCount } from '../../components/count.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Field } from '../../components/field.tsx';
import { Section } from '../../components/page.tsx';
import { Loaded } from '../../components/states.tsx';
import { useNow } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { planningKey } from '../../data/planning.ts';
import { type Template, templatesQuery } from '../../data/settings.ts';

/** A date as the API writes it. */
const isoDate = new Intl.DateTimeFormat('en-CA');

const COLUMNS: Column<Template>[] = [
  { title: 'Template', width: 'minmax(8rem, 1fr)', cell: ({ name }) => name },
  {
    title: 'Makes',
    width: 'minmax(8rem, 1fr)',
    cell: ({ tasks, habits }) => `${sayCount(tasks, 'task')}, ${sayCount(habits, 'habit')}`,
  },
];

interface TemplateTableProps {
  actions: Column<Template>;
}

function TemplateTable({ actions }: TemplateTableProps) {
  const templates = useQuery(templatesQuery);
  return (
    <Loaded query={templates}>
      {(rows) => (
        <DataTable
          label="Templates"
          columns={[...COLUMNS, actions]}
          rows={rows}
          rowKey={({ name }) => name}
          empty="There is no template yet"
          emptyHint={
            <>
              <code>almanac template create &lt;name&gt; &lt;file&gt;</code> stores a set of tasks and habits.
            </>
          }
        />
      )}
    </Loaded>
  );
}

/** Templates of the installation. */
export function Templates() {
  const remove = useAction({
    run: (template: string) =>
      unwrap(api.DELETE('/api/v1/templates/{template}', { params: { path: { template } } })),
    said: (_, template) => `The template ${template} is deleted. What was made with it stays.`,
    changes: [['templates']],
  });
  return (
    <Section title="Templates">
      <TemplateTable
        actions={{
          title: 'Actions',
          width: '6rem',
          align: 'end',
          cell: ({ name }) => (
            <span className="row-actions">
              <Confirm
                title="Delete this template?"
                body={`What was made with ${name} stays.`}
                confirm="Delete"
                onConfirm={() => remove.mutate(name)}
              >
                <Button className="button button-quiet" aria-label={`Delete ${name}`}>
                  Delete
                </Button>
              </Confirm>
            </span>
          ),
        }}
      />
    </Section>
  );
}

/** Makes a template's tasks and habits for a workspace. */
export function ApplyTemplate({ workspaceId }: { workspaceId: string }) {
  const today = isoDate.format(useNow());
  const [chosen, setStart] = useState<string | null>(null);
  const start = chosen ?? today;
  const apply = useAction({
    run: (template: string) =>
      unwrap(
        api.POST('/api/v1/workspaces/{workspaceId}/templates/{template}/apply', {
          params: { path: { workspaceId, template } },
          body: { start },
        }),
      ),
    said: ({ tasks, habits }) =>
      `${sayCount(tasks.length, 'task')} and ${sayCount(habits.length, 'habit')} are made. The next plan places them.`,
    undo:
      ({ tasks, habits }) =>
      async () => {
        for (const { id } of habits)
          await unwrap(
            api.DELETE('/api/v1/workspaces/{workspaceId}/habits/{habitId}', {
              params: { path: { workspaceId, habitId: id } },
            }),
          );
        for (const { id } of tasks)
          await unwrap(
            api.DELETE('/api/v1/workspaces/{workspaceId}/tasks/{taskId}', {
              params: { path: { workspaceId, taskId: id } },
            }),
          );
      },
    changes: [planningKey(workspaceId)],
  });
  return (
    <Section title="Templates">
      <div className="form">
        <Field label="Days count from">
          <input
            type="date"
            required
            value={start}
            onChange={(event) => event.target.value && setStart(event.target.value)}
          />
        </Field>
      </div>
      <TemplateTable
        actions={{
          title: 'Actions',
          width: '6rem',
          align: 'end',
          cell: ({ name }) => (
            <span className="row-actions">
              <Button
                className="button"
                aria-label={`Apply ${name}`}
                isDisabled={apply.isPending}
                onPress={() => apply.mutate(name)}
              >
                Apply
              </Button>
            </span>
          ),
        }}
      />
    </Section>
  );
}
