const WORKSPACE = '/api/v1/workspaces/{workspaceId}';

/** Routes that do what commands do. What is missing here is for those who run Almanac, and has no route. */
const ROUTES: Record<string, string> = {
  'account add': `POST ${WORKSPACE}/accounts`,
  'account connect': `POST ${WORKSPACE}/accounts/connect`,
  'account list': `GET ${WORKSPACE}/accounts`,
  'block list': `GET ${WORKSPACE}/blocks`,
  'calendar enable': `PATCH ${WORKSPACE}/calendars/{calendarId}`,
  'calendar list': `GET ${WORKSPACE}/calendars`,
  'dead-letter list --workspace': `GET ${WORKSPACE}/dead-letters`,
  'dead-letter list': 'GET /api/v1/dead-letters',
  'habit list': `GET ${WORKSPACE}/habits`,
  'hours set': `PUT ${WORKSPACE}/hours`,
  sync: `POST ${WORKSPACE}/calendar/sync`,
  'task list': `GET ${WORKSPACE}/tasks`,
  'workspace create': 'POST /api/v1/workspaces',
  'workspace list': 'GET /api/v1/workspaces',
};

/** A sentence that says what to do, for callers who have no command line: with a route where it names a command. */
export function overHttp(sentence: string, workspaceId = '{workspaceId}'): string {
  return sentence.replaceAll(/`almanac ([^`]+)`/g, (command, words: string) => {
    const [, route] = Object.entries(ROUTES).find(([name]) => `${words} `.startsWith(`${name} `)) ?? [];
    return route === undefined ? command : `\`${route.replace('{workspaceId}', workspaceId)}\``;
  });
}
