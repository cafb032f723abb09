/** Answers as Google's pages print them. What a case expects of the emulator holds for them as well. */

const refusal = (status: number, detail: { message: string; [field: string]: string }) => ({
  status,
  body: { error: { errors: [detail], code: status, message: detail.message } },
});

/** https://developers.google.com/workspace/calendar/api/guides/errors */
export const DOCUMENTED_ERRORS = {
  timeRangeEmpty: refusal(400, {
    domain: 'calendar',
    reason: 'timeRangeEmpty',
    message: 'The specified time range is empty.',
    locationType: 'parameter',
    location: 'timeMax',
  }),
  authError: refusal(401, {
    domain: 'global',
    reason: 'authError',
    message: 'Invalid Credentials',
    locationType: 'header',
    location: 'Authorization',
  }),
  userRateLimitExceeded: refusal(403, {
    domain: 'usageLimits',
    reason: 'userRateLimitExceeded',
    message: 'User Rate Limit Exceeded',
  }),
  notFound: refusal(404, { domain: 'global', reason: 'notFound', message: 'Not Found' }),
  duplicate: refusal(409, {
    domain: 'global',
    reason: 'duplicate',
    message: 'The requested identifier already exists.',
  }),
  fullSyncRequired: refusal(410, {
    domain: 'calendar',
    reason: 'fullSyncRequired',
    message: 'Sync token is no longer valid, a full sync is required.',
    locationType: 'parameter',
    location: 'syncToken',
  }),
  updatedMinTooLongAgo: refusal(410, {
    domain: 'calendar',
    reason: 'updatedMinTooLongAgo',
    message: 'The requested minimum modification time lies too far in the past.',
    locationType: 'parameter',
    location: 'updatedMin',
  }),
  deleted: refusal(410, { domain: 'global', reason: 'deleted', message: 'Resource has been deleted' }),
  conditionNotMet: refusal(412, {
    domain: 'global',
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    locationType: 'header',
    location: 'If-Match',
  }),
};

/** https://developers.google.com/workspace/calendar/api/guides/sync */
export const DOCUMENTED_PAGES = {
  last: { status: 200, body: { nextSyncToken: 'CPDAlvWDx70CEPDAlvWDx70CGAU=' } },
  other: { status: 200, body: { nextPageToken: 'CiAKGjBpNDd2Nmp2Zml2cXRwYjBpOXA' } },
};
