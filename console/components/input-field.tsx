import type { ComponentProps } from 'react';
import { Field } from './field.tsx';

interface InputFieldProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  label: string;
  /** Takes what is left of the line. */
  isWide?: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** An input whose value is a text, with its label. Its other properties are those of an `<input>`. */
export function InputField({ label, isWide = false, onChange, ...input }: InputFieldProps) {
  return (
    <Field label={label} isWide={isWide}>
      <input type="text" {...input} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

interface NumberFieldProps extends Omit<InputFieldProps, 'value' | 'onChange' | 'type'> {
  value: number | undefined;
  /** Undefined: the field is empty. */
  onChange: (value: number | undefined) => void;
}

/** An input whose value is a number, with its label. */
export function NumberField({ value, onChange, ...field }: NumberFieldProps) {
  return (
    <InputField
      {...field}
      type="number"
      value={value === undefined ? '' : String(value)}
      onChange={(typed) => onChange(typed === '' ? undefined : Number(typed))}
    />
  );
}
