import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** Set at start on every run of one workspace: `temporal workflow list --query "WorkspaceId='…'"`. */
export const WORKSPACE_ID_ATTRIBUTE = defineSearchAttributeKey('WorkspaceId', SearchAttributeType.KEYWORD);
/** `full` or `incremental`, as requested at start. */
export const SYNC_MODE_ATTRIBUTE = defineSearchAttributeKey('SyncMode', SearchAttributeType.KEYWORD);
/** Set only when a run did not fully succeed, because an upsert is a billed action. */
export const SYNC_OUTCOME_ATTRIBUTE = defineSearchAttributeKey('SyncOutcome', SearchAttributeType.KEYWORD);

/** Search attributes that a namespace has to declare, all of type Keyword. */
export const SEARCH_ATTRIBUTE_NAMES = [
  WORKSPACE_ID_ATTRIBUTE.name,
  SYNC_MODE_ATTRIBUTE.name,
  SYNC_OUTCOME_ATTRIBUTE.name,
] as const;
