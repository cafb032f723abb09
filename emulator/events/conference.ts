import { fieldsOf, stringsOf } from '../http/request-parts.ts';

/** Conference fields of an event, in the form of Google's answers. */
interface Conference {
  conferenceData: Record<string, unknown>;
  hangoutLink?: string;
}

/**
 * A request for a conference is answered with a Meet conference, at once; Google does the same, though it may be
 * pending for a moment. Any other conference is stored as it is. A Meet conference also has its link outside.
 */
export function toConference(input: Record<string, unknown>): Conference {
  const { requestId } = stringsOf(input['createRequest']);
  const conferenceData =
    requestId === undefined || input['entryPoints'] !== undefined ? input : meet(requestId);
  const { type } = stringsOf(fieldsOf(conferenceData['conferenceSolution'])['key']);
  const entryPoints = conferenceData['entryPoints'];
  const [video] = (Array.isArray(entryPoints) ? entryPoints : [])
    .map((point) => stringsOf(point))
    .filter(({ entryPointType }) => entryPointType === 'video');
  return {
    conferenceData,
    ...(type === 'hangoutsMeet' && video?.uri !== undefined && { hangoutLink: video.uri }),
  };
}

function meet(requestId: string): Record<string, unknown> {
  const letters = Buffer.from(requestId)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);
  const padded = letters.padEnd(10, 'a');
  const conferenceId = `${padded.slice(0, 3)}-${padded.slice(3, 7)}-${padded.slice(7, 10)}`;
  const conferenceSolutionKey = { type: 'hangoutsMeet' };
  return {
    createRequest: { requestId, conferenceSolutionKey, status: { statusCode: 'success' } },
    conferenceId,
    conferenceSolution: { key: conferenceSolutionKey, name: 'Google Meet' },
    entryPoints: [
      {
        entryPointType: 'video',
        uri: `https://meet.google.com/${conferenceId}`,
        label: `meet.google.com/${conferenceId}`,
      },
    ],
  };
}
