import { createAlmanacApi } from 'almanac/api';
import { bookMeeting } from './book-meeting.ts';

const [workspaceId = '', start = '', end = ''] = process.argv.slice(2);
const { ALMANAC_URL: url = 'http://localhost:8090', ALMANAC_KEY: key = '' } = process.env;

const booking = { id: `${start}/${end}`, title: 'Demo', start, end, guests: ['ada@example.org'] };
const eventId = await bookMeeting(createAlmanacApi({ url, key }), workspaceId, booking);
process.stdout.write(`Booked: ${eventId}\n`);
