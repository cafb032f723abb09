/**
 * The route of a workspace where one is given, else that of the installation. Both take and answer the same, so
 * the path keeps the type of the installation's.
 *
 * @example
 * api.GET(scoped(workspaceId, '/api/v1/webhooks'));
 */
export function scoped<Path extends `/api/v1/${string}`>(workspaceId: string | undefined, path: Path): Path {
  if (workspaceId === undefined) return path;
  return path.replace('/api/v1/', `/api/v1/workspaces/${encodeURIComponent(workspaceId)}/`) as Path;
}
