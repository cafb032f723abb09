import { MemoryCopy } from './memory-copy.ts';
import { createReceiver } from './receiver.ts';

const { ALMANAC_WEBHOOK_SECRET: secret = '', PORT: port = '4000' } = process.env;

const copy = new MemoryCopy();
const server = createReceiver(secret, copy);
server.on('request', (_request, response) => {
  response.on('finish', () => {
    process.stdout.write(`${response.statusCode}, ${copy.events.size} events in the copy\n`);
  });
});
server.listen(Number(port), () => process.stdout.write(`Listening on port ${port}\n`));
