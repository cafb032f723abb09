/** A mail that Google would send: to a guest, or a guest's answer to the organizer. */
export interface Mail {
  to: string;
  kind: 'invitation' | 'update' | 'cancellation' | 'answer';
  calendarId: string;
  eventId: string;
  /** ISO instant by the emulator's clock. */
  sentAt: string;
}

/** Number of remembered mails; the oldest are forgotten first. */
const MOST_MAILS = 100_000;

/** Mails in the order in which they were sent. Nothing leaves the process. */
export class MailBook {
  private mails: Mail[] = [];

  send(mails: readonly Mail[]): void {
    this.mails.push(...mails);
    if (this.mails.length > MOST_MAILS) this.mails = this.mails.slice(-MOST_MAILS);
  }

  list(): Mail[] {
    return [...this.mails];
  }

  clear(): void {
    this.mails = [];
  }
}
