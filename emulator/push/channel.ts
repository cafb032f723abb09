/** A watch channel. */
export interface Channel {
  id: string;
  resourceId: string;
  resourceUri: string;
  token: string | undefined;
  expirationMs: number;
  address: string;
  calendarId: string;
  email: string;
  clientId: string;
  messageNumber: number;
}
