import { GoogleError } from '../http/google-error.ts';
import type { EventResource } from '../state/types.ts';

/** Refuses a write whose If-Match names another state of the event; `*` matches any. */
export function checkIfMatch(resource: EventResource, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*' || ifMatch === resource.etag) return;
  throw new GoogleError(412, {
    domain: 'global',
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    locationType: 'header',
    location: 'If-Match',
  });
}
