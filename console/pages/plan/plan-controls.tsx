import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Choice } from '../../components/field.tsx';
import { Progress } from '../../components/progress.tsx';
import type { usePlanRun } from './use-plan-run.ts';

const DAYS = [
  ['1', 'today'],
  ['7', '7 days'],
  ['14', '14 days'],
  ['30', '30 days'],
] as const;

interface PlanControlsProps {
  run: ReturnType<typeof usePlanRun>;
}

/** Preview first; then what was looked at is applied, or nothing. */
export function PlanControls({ run: { isBusy, previewId, begin, dismissPreview } }: PlanControlsProps) {
  const [days, setDays] = useState<(typeof DAYS)[number][0]>('7');
  return (
    <>
      {isBusy && <Progress label="Planning. It goes on when you leave this page" />}
      {previewId === null ? (
        <Choice label="Plan" value={days} options={DAYS} onChange={setDays} />
      ) : (
        <Button className="button" isDisabled={isBusy} onPress={dismissPreview}>
          Dismiss preview
        </Button>
      )}
      <Button
        className="button"
        isDisabled={isBusy}
        onPress={() => begin({ mode: 'preview', days: Number(days) })}
      >
        {previewId === null ? 'Preview' : 'Preview again'}
      </Button>
      {previewId !== null && (
        <Button
          className="button button-primary"
          isDisabled={isBusy}
          onPress={() => begin({ mode: 'apply', days: Number(days) })}
        >
          Apply
        </Button>
      )}
    </>
  );
}
