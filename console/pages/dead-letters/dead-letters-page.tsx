import { useInfiniteQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { sayCount } from '../../components/count.ts';
import { Page } from '../../components/page.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { type DeadLetter, deadLettersOf } from '../../data/dead-letters.ts';
import { FailureGroup } from './failure-group.tsx';

/** What stays failed, by failure, because letters of one failure have one remedy. */
export function DeadLettersPage() {
  const { workspaceId } = useParams({ strict: false });
  const [all, setAll] = useState(false);
  const letters = useInfiniteQuery(deadLettersOf({ workspaceId, all }));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = letters;
  const rows = letters.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Page
      title="Dead letters"
      lead={letters.data && sayOpen(rows, hasNextPage)}
      actions={
        <ToggleButton className="button" isSelected={all} onChange={setAll}>
          Show closed ones
        </ToggleButton>
      }
    >
      <Loaded query={letters} rows={8}>
        {() =>
          rows.length === 0 ? (
            <div className="section">
              <Empty title="Nothing has failed for good">
                What fails is retried. What stays failed is listed here, with what to do.
              </Empty>
            </div>
          ) : (
            <>
              {[...byFailure(rows)].map(([failureType, group]) => (
                <FailureGroup
                  key={failureType}
                  failureType={failureType}
                  letters={group}
                  workspaceId={workspaceId}
                />
              ))}
              {hasNextPage && (
                <Button
                  className="button"
                  isDisabled={isFetchingNextPage}
                  onPress={() => void fetchNextPage()}
                >
                  Show more
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function byFailure(letters: readonly DeadLetter[]): Map<string, DeadLetter[]> {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters)
    groups.set(letter.failureType, [...(groups.get(letter.failureType) ?? []), letter]);
  return groups;
}

function sayOpen(letters: readonly DeadLetter[], hasMore: boolean): string {
  const open = letters.filter(({ status }) => status === 'open').length;
  return `${hasMore ? 'The oldest ' : ''}${sayCount(open, 'open dead letter')}`;
}
