import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { InputField, NumberField } from '../../components/input-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { HabitFields, TaskFields } from '../../components/work-fields.tsx';
import { type Template, templateCalls, type TemplateHabit, type TemplateTask } from '../../data/templates.ts';
import { TemplateItems } from './template-items.tsx';

interface TemplateEditorProps {
  /** Null: a new one. */
  saved: Template | null;
  close: () => void;
}

const EMPTY: Template = { name: '', tasks: [], habits: [] };

const split = (typed: string): string[] => typed.split(/[\s,]+/).filter((name) => name !== '');

/** Writes a template: its tasks and habits, whose days count from the start of each application. */
export function TemplateEditor({ saved, close }: TemplateEditorProps) {
  const [template, setTemplate] = useState(saved ?? EMPTY);
  const { name, tasks = [], habits = [] } = template;
  const save = useAction({
    run: () => (saved === null ? templateCalls.create(template) : templateCalls.change(template)),
    said: () =>
      saved === null
        ? `The template ${name} is stored.`
        : `The template ${name} is changed. What was made with it stays.`,
    undo: () => () => (saved === null ? templateCalls.remove(name) : templateCalls.change(saved)),
    changes: [['templates']],
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: close });
  }
  return (
    <form
      className="chosen"
      onSubmit={submit}
      aria-label={saved === null ? 'New template' : `Template ${name}`}
    >
      <div className="form">
        <InputField
          label="Name of the template"
          required
          pattern="[A-Za-z0-9_\-]{1,64}"
          title="1 to 64 letters, digits, hyphens or underscores"
          readOnly={saved !== null}
          value={name}
          onChange={(typed) => setTemplate({ ...template, name: typed })}
        />
      </div>
      <TemplateItems<TemplateTask>
        noun="task"
        items={tasks}
        empty={{ name: '', title: '', durationMinutes: 60 }}
        setItems={(items) => setTemplate({ ...template, tasks: items })}
      >
        {(task, change) => (
          <>
            <TaskFields fields={task} change={(changes) => change(changes)} />
            <NumberField
              label="Not before day"
              min={0}
              value={task.earliestDay}
              onChange={(earliestDay) => change({ earliestDay })}
            />
            <NumberField
              label="Due by the end of day"
              min={0}
              value={task.deadlineDay}
              onChange={(deadlineDay) => change({ deadlineDay })}
            />
            <InputField
              label="After the tasks"
              placeholder="outline, draft"
              value={(task.after ?? []).join(', ')}
              onChange={(typed) => change({ after: split(typed) })}
            />
          </>
        )}
      </TemplateItems>
      <TemplateItems<TemplateHabit>
        noun="habit"
        items={habits}
        empty={{ name: '', title: '', durationMinutes: 30, rrule: 'FREQ=DAILY', hours: 'personal' }}
        setItems={(items) => setTemplate({ ...template, habits: items })}
      >
        {(habit, change) => (
          <>
            <HabitFields fields={habit} change={(changes) => change(changes)} />
            <NumberField
              label="From day"
              min={0}
              value={habit.startDay ?? 0}
              onChange={(startDay = 0) => change({ startDay })}
            />
            <InputField
              label="After the habit"
              value={habit.after ?? ''}
              onChange={(typed) => change({ after: typed === '' ? undefined : typed })}
            />
          </>
        )}
      </TemplateItems>
      <div className="form">
        <Button
          type="submit"
          className="button button-primary"
          isDisabled={save.isPending || tasks.length + habits.length === 0}
        >
          Save
        </Button>
        <Button className="button" onPress={close}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
