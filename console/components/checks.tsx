import { Check } from './field.tsx';

interface ChecksProps<Value extends string> {
  label: string;
  values: readonly Value[];
  options: readonly (readonly [value: Value, said: string])[];
  onChange: (values: Value[]) => void;
}

/** Some of several values, in the order of the options. */
export function Checks<Value extends string>({ label, values, options, onChange }: ChecksProps<Value>) {
  const chosen = new Set(values);
  function toggle(value: Value, isChosen: boolean) {
    onChange(options.map(([one]) => one).filter((one) => (one === value ? isChosen : chosen.has(one))));
  }
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {options.map(([value, said]) => (
        <Check
          key={value}
          label={said}
          isChecked={chosen.has(value)}
          onChange={(isChosen) => toggle(value, isChosen)}
        />
      ))}
    </fieldset>
  );
}
