import { Button } from 'react-aria-components/Button';
import { Confirm } from '../../components/confirm.tsx';
import { Section } from '../../components/page.tsx';
import type { usePlanRun } from './use-plan-run.ts';

/** Removes everything that Almanac has written. */
export function Purge({ run: { isBusy, begin } }: { run: ReturnType<typeof usePlanRun> }) {
  return (
    <Section title="Everything that was planned">
      <div className="section-body stack">
        <p>
          Removes everything that Almanac has written to Google Calendar, and stops applying plans by itself.
          Tasks and habits stay.
        </p>
        <div>
          <Confirm
            title="Remove all planned blocks?"
            body="Every block is deleted in Google Calendar. That cannot be undone; a new plan places the work again."
            confirm="Remove all"
            onConfirm={() => begin({ mode: 'purge' })}
          >
            <Button className="button" isDisabled={isBusy}>
              Remove all blocks
            </Button>
          </Confirm>
        </div>
      </div>
    </Section>
  );
}
