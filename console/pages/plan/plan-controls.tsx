import { Button } from 'react-aria-components/Button';
import { Check, Choice } from '../../components/field.tsx';
import { Progress } from '../../components/progress.tsx';
import type { usePlanRun } from './use-plan-run.ts';

const DAYS = [
  ['', 'the days of the policy'],
  ['1', 'today'],
  ['7', '7 days'],
  ['14', '14 days'],
  ['30', '30 days'],
  ['90', '90 days'],
] as const;

interface PlanControlsProps {
  run: ReturnType<typeof usePlanRun>;
}

/** Preview first; then what was looked at is applied, or nothing. */
export function PlanControls({ run }: PlanControlsProps) {
  const { isBusy, previewId, options, setOptions, begin, dismissPreview } = run;
  const { days, force } = options;
  const chosen = (days === null ? '' : String(days)) as (typeof DAYS)[number][0];
  return (
    <>
      {isBusy && <Progress label="Planning. It goes on when you leave this page" />}
      {previewId === null ? (
        <>
          <Choice
            label="Plan"
            value={chosen}
            options={DAYS}
            onChange={(next) => setOptions({ force, days: next === '' ? null : Number(next) })}
          />
          <Check
            label="Place all anew"
            isChecked={force}
            onChange={(anew) => setOptions({ days, force: anew })}
          />
        </>
      ) : (
        <Button className="button" isDisabled={isBusy} onPress={dismissPreview}>
          Dismiss preview
        </Button>
      )}
      <Button className="button" isDisabled={isBusy} onPress={() => begin({ mode: 'preview', ...options })}>
        {previewId === null ? 'Preview' : 'Preview again'}
      </Button>
      {previewId !== null && (
        <Button
          className="button button-primary"
          isDisabled={isBusy}
          onPress={() => begin({ mode: 'apply', ...options })}
        >
          Apply
        </Button>
      )}
    </>
  );
}
