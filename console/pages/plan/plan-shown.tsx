import { useQuery } from '@tanstack/react-query';
import { sayCount } from '../../components/count.ts';
import { Section } from '../../components/page.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { blocksOf, planOf, planRunsOf } from '../../data/planning.ts';
import { BlockList } from './block-list.tsx';
import { Findings } from './findings.tsx';
import { isWithin, listNext, listNow } from './listed-blocks.tsx';
import { PlanChanges } from './plan-changes.tsx';

interface PlanShownProps {
  workspaceId: string;
  previewId: string | null;
  nameOf: (refId: string) => string;
}

/** Blocks as they are, with the reasons of the plan that placed them; beside them a preview, where there is one. */
export function PlanShown({ workspaceId, previewId, nameOf }: PlanShownProps) {
  const blocks = useQuery(blocksOf(workspaceId));
  const runs = useQuery(planRunsOf(workspaceId));
  const applied = runs.data?.runs.find(({ mode, status }) => mode === 'apply' && status === 'applied');
  const appliedPlan = useQuery(planOf(workspaceId, applied?.id));
  const preview = useQuery(planOf(workspaceId, previewId)).data ?? null;
  const plan = preview ?? appliedPlan.data;
  const isStale = preview !== null && applied !== undefined && applied.startedAt > preview.startedAt;
  return (
    <>
      {isStale && <p className="stale">A plan was applied after this preview: preview once more.</p>}
      {preview !== null && <PlanChanges preview={preview} blocks={blocks.data ?? []} />}
      <div className="columns">
        <Section
          title={preview === null ? 'Planned' : 'As it is'}
          actions={blocks.data && <span className="quiet">{sayCount(blocks.data.length, 'block')}</span>}
        >
          <Loaded query={blocks} rows={10}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty title="Nothing is planned">A preview shows what would fit, and writes nothing.</Empty>
              ) : (
                <BlockList
                  label="Blocks as they are"
                  blocks={rows
                    .filter(({ start }) => preview === null || isWithin(start, preview))
                    .map((block) => listNow(block, { plan: appliedPlan.data, preview, workspaceId }))}
                />
              )
            }
          </Loaded>
        </Section>
        {preview !== null && (
          <Section
            title="Preview"
            actions={<span className="quiet">nothing is written until it is applied</span>}
          >
            <BlockList
              label="Blocks after applying"
              blocks={preview.blocks.map((block) => listNext(block, blocks.data ?? []))}
            />
          </Section>
        )}
      </div>
      {plan !== undefined && <Findings plan={plan} isPreview={preview !== null} nameOf={nameOf} />}
    </>
  );
}
