/** On whose behalf rows are changed: written to the run log and the change log. */
export interface ChangeContext {
  workspaceId: string;
  calendarId: string;
  correlationId: string;
}
