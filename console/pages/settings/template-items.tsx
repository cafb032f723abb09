import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { InputField } from '../../components/input-field.tsx';

interface Item {
  name: string;
  title: string;
}

interface TemplateItemsProps<Row extends Item> {
  noun: 'task' | 'habit';
  items: readonly Row[];
  empty: Row;
  setItems: (items: Row[]) => void;
  /** Fields beside name and title. */
  children: (item: Row, change: (changes: Partial<Row>) => void) => ReactNode;
}

/** The tasks or the habits of a template that is being written. */
export function TemplateItems<Row extends Item>(props: TemplateItemsProps<Row>) {
  const { noun, items, empty, setItems, children } = props;
  const put = (at: number, changes: Partial<Row>) =>
    setItems(items.map((item, index) => (index === at ? { ...item, ...changes } : item)));
  return (
    <>
      {items.map((item, index) => (
        // Names change while they are typed, and places do not.
        // oxlint-disable-next-line react/no-array-index-key
        <fieldset key={index} className="form item">
          <legend>{`${noun} ${index + 1}`}</legend>
          <InputField
            label="Name in the template"
            required
            pattern="[A-Za-z0-9_\-]{1,64}"
            title="1 to 64 letters, digits, hyphens or underscores"
            value={item.name}
            onChange={(name) => put(index, { name } as Partial<Row>)}
          />
          <InputField
            label="Title"
            isWide
            required
            value={item.title}
            onChange={(title) => put(index, { title } as Partial<Row>)}
          />
          {children(item, (changes) => put(index, changes))}
          <Button
            className="button button-quiet"
            aria-label={`Remove ${noun} ${index + 1}`}
            onPress={() => setItems(items.filter((_, place) => place !== index))}
          >
            Remove
          </Button>
        </fieldset>
      ))}
      <div className="form">
        <Button className="button" onPress={() => setItems([...items, empty])}>
          {`Add a ${noun}`}
        </Button>
      </div>
    </>
  );
}
