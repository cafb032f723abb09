import type { IncomingMessage, RequestListener } from 'node:http';
import type { AlmanacApi } from 'almanac/api';

interface Product {
  api: AlmanacApi;
  /** Where browsers reach this backend; `API_RETURN_ORIGINS` names it. */
  origin: string;
  /** The workspace of the user whose session the request carries. */
  workspaceOf(request: IncomingMessage): string;
}

/** The two pages by which a product connects its users' accounts. */
export function createBackend({ api, origin, workspaceOf }: Product): RequestListener {
  async function begin(workspaceId: string): Promise<string> {
    const { data, error } = await api.POST('/api/v1/workspaces/{workspaceId}/accounts/connect', {
      params: { path: { workspaceId } },
      body: { returnUrl: `${origin}/connected` },
    });
    if (error) throw new Error(error.detail);
    return data.url;
  }

  async function redeem(workspaceId: string, connection: string): Promise<string> {
    const { data, error } = await api.POST('/api/v1/workspaces/{workspaceId}/accounts/connect/redeem', {
      params: { path: { workspaceId } },
      body: { connection },
    });
    if (error) throw new Error(error.detail);
    return `${data.email} is connected and being synced.`;
  }

  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const workspaceId = workspaceOf(request);
    const answer = async () => {
      if (pathname === '/connect') {
        response.writeHead(302, { location: await begin(workspaceId) }).end();
      } else if (pathname === '/connected') {
        const connection = searchParams.get('connection');
        response.end(connection === null ? 'Nothing was connected.' : await redeem(workspaceId, connection));
      } else response.writeHead(404).end();
    };
    answer().catch((error: Error) => response.writeHead(502).end(error.message));
  };
}
