interface LetterSubject {
  workspaceId?: string | null;
  calendarId?: string | null;
  accountId?: string | null;
}

/** Whose trouble a dead letter is about, for people. */
export function subjectOf({ workspaceId, calendarId, accountId }: LetterSubject): string {
  if (calendarId) return `calendar ${calendarId}`;
  if (accountId) return `account ${accountId}`;
  return workspaceId ? 'plan' : 'the whole installation';
}
