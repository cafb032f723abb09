import { Switch } from 'react-aria-components/Switch';

interface ToggleProps {
  /** What is switched, for readers who do not see the row that it is in. */
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}

/** Switches one thing at once; what can be undone needs no confirmation. */
export function Toggle({ label, isOn, isDisabled = false, onChange }: ToggleProps) {
  return (
    <Switch
      className="switch"
      aria-label={label}
      isSelected={isOn}
      isDisabled={isDisabled}
      onChange={onChange}
    >
      <span className="switch-track" />
    </Switch>
  );
}
