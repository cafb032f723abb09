import { fieldsOf } from '../http/request-parts.ts';
import { invalidBody } from '../http/google-error.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import type { EventFields } from '../state/types.ts';

interface Conference {
  conferenceData?: Record<string, unknown>;
  /** Address of a Google Meet. */
  hangoutLink?: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * The conference of an event. A `createRequest` makes a Google Meet at once; repeating its `requestId` keeps
 * the conference.
 * @param input `conferenceData` of the request, merged with the former one
 */
export function conferenceOf(
  state: EmulatorState,
  input: unknown,
  former: EventFields | undefined,
): Conference {
  if (input === undefined || input === null) return {};
  const { createRequest, ...given } = fieldsOf(input);
  if (createRequest === undefined) return keep(given);
  const { requestId, conferenceSolutionKey } = fieldsOf(createRequest);
  if (typeof requestId !== 'string' || requestId === '')
    throw invalidBody('Missing conference request ID.', 'required');
  const before = fieldsOf(former?.['conferenceData']);
  if (fieldsOf(before['createRequest'])['requestId'] === requestId) return keep(before);
  // A copy of an event brings its conference along.
  if (former === undefined && given['entryPoints'] !== undefined) return keep(fieldsOf(input));
  const letters = (length: number) =>
    Array.from({ length }, () => LETTERS[state.random.integer(0, LETTERS.length - 1)]).join('');
  const conferenceId = `${letters(3)}-${letters(4)}-${letters(3)}`;
  const uri = `https://meet.google.com/${conferenceId}`;
  const key = fieldsOf(conferenceSolutionKey)['type'] ?? 'hangoutsMeet';
  return {
    hangoutLink: uri,
    conferenceData: {
      createRequest: { requestId, conferenceSolutionKey: { type: key }, status: { statusCode: 'success' } },
      entryPoints: [{ entryPointType: 'video', uri, label: uri.slice('https://'.length) }],
      conferenceSolution: { key: { type: key }, name: 'Google Meet' },
      conferenceId,
    },
  };
}

/** A conference as it is, with the link that Google shows beside a Meet. */
function keep(conferenceData: Record<string, unknown>): Conference {
  const entryPoints = Array.isArray(conferenceData['entryPoints']) ? conferenceData['entryPoints'] : [];
  const video = entryPoints.map(fieldsOf).find(({ entryPointType }) => entryPointType === 'video');
  const uri = video?.['uri'];
  const isMeet = typeof uri === 'string' && uri.startsWith('https://meet.google.com/');
  return { conferenceData, ...(isMeet && { hangoutLink: uri }) };
}
