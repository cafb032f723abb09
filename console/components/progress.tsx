interface ProgressProps {
  label: string;
  /** Without a total, the bar shows only that something goes on. */
  done?: number;
  total?: number;
}

export function Progress({ label, done, total }: ProgressProps) {
  return (
    <div className="progress">
      <span>{label}</span>
      <progress aria-label={label} {...(total !== undefined && { value: done, max: total })} />
    </div>
  );
}

/** A share of a whole, such as of a day's budget. Past the whole it turns red. */
export function Meter({ label, value, max }: { label: string; value: number; max: number }) {
  return <meter aria-label={label} value={value} max={max} high={max * 0.8} />;
}
