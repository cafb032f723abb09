import { z } from 'zod';
import type { BenchAccount } from '../support/workspace.ts';

const answerSchema = z.object({ id: z.string() });

/** A program that calls Google and keeps nothing: the floor under every write. */
export class GoogleDirectly {
  private readonly url: string;
  private readonly accessToken: string;

  private constructor(url: string, accessToken: string) {
    this.url = url;
    this.accessToken = accessToken;
  }

  static async of(emulatorUrl: string, account: BenchAccount): Promise<GoogleDirectly> {
    const response = await fetch(`${emulatorUrl}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'almanac-dev',
        client_secret: 'almanac-dev-secret',
        refresh_token: account.refreshToken,
      }),
    });
    const { access_token } = z.object({ access_token: z.string() }).parse(await response.json());
    const calendar = encodeURIComponent(account.googleCalendarId);
    return new GoogleDirectly(`${emulatorUrl}/calendar/v3/calendars/${calendar}/events`, access_token);
  }

  async create(event: object): Promise<string> {
    return answerSchema.parse(await this.call('POST', '', event)).id;
  }

  async change(id: string, changes: object): Promise<void> {
    await this.call('PATCH', `/${id}`, changes);
  }

  async delete(id: string): Promise<void> {
    await this.call('DELETE', `/${id}`);
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.accessToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The emulator answered ${response.status}.`);
    return text === '' ? null : JSON.parse(text);
  }
}
