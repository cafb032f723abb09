import type { PostGuard } from './guarded-post.ts';
import { noticeText } from './notice-text.ts';
import type { Notifier } from './notifier.ts';
import { post } from './post.ts';

/** Posts `{"text": …}`, the format of Slack and compatible services. */
export function createWebhookNotifier(address: string, guard: PostGuard = {}): Notifier {
  const url = new URL(address);
  return {
    send: (message) => post(url, { body: JSON.stringify({ text: noticeText(message) }) }, guard),
  };
}
