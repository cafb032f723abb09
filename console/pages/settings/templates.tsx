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
import { templateCalls, templateOf, templatesQuery, type TemplateSummary } from '../../data/templates.ts';
import { ApplicationProgress, ApplyToMany } from './apply-to-many.tsx';
import { TemplateEditor } from './template-editor.tsx';

/** A date as the API writes it. */
const isoDate = new Intl.DateTimeFormat('en-CA');

const COLUMNS: Column<TemplateSummary>[] = [
  { title: 'Template', width: 'minmax(8rem, 1fr)', cell: ({ name }) => name },
  {
    title: 'Makes',
    width: 'minmax(8rem, 1fr)',
    cell: ({ tasks, habits }) => `${sayCount(tasks, 'task')}, ${sayCount(habits, 'habit')}`,
  },
];

interface TemplateTableProps {
  actions: Column<TemplateSummary>;
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
          emptyHint="A template is a set of tasks and habits, whose days count from the start of each application. An admin writes it in the settings of the installation."
        />
      )}
    </Loaded>
  );
}

type Open = { what: 'new' } | { what: 'edit' | 'apply'; name: string };

/** Templates of the installation: written, changed, made in workspaces, deleted. */
export function Templates() {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const edited = useQuery(templateOf(open?.what === 'edit' ? open.name : null));
  const remove = useAction({
    run: templateCalls.remove,
    said: (_, template) => `The template ${template} is deleted. What was made with it stays.`,
    changes: [['templates']],
  });
  return (
    <Section
      title="Templates"
      actions={
        <Button className="button" onPress={() => setOpen({ what: 'new' })}>
          New template
        </Button>
      }
    >
      {open?.what === 'new' && <TemplateEditor saved={null} close={close} />}
      {open?.what === 'edit' && (
        <Loaded query={edited}>
          {(template) => <TemplateEditor key={template.name} saved={template} close={close} />}
        </Loaded>
      )}
      {open?.what === 'apply' && <ApplyToMany key={open.name} template={open.name} />}
      <ApplicationProgress />
      <TemplateTable
        actions={{
          title: 'Actions',
          below: 'bare',
          width: '13rem',
          align: 'end',
          cell: ({ name }) => (
            <span className="row-actions">
              <Button
                className="button"
                aria-label={`Apply ${name}`}
                onPress={() => setOpen({ what: 'apply', name })}
              >
                Apply
              </Button>
              <Button
                className="button"
                aria-label={`Change ${name}`}
                onPress={() => setOpen({ what: 'edit', name })}
              >
                Change
              </Button>
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
          below: 'bare',
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
