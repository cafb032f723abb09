/**
 * Detail of an event that is requested from Google and kept, from least to most. `minimal`: the fields that
 * sync, planning and a plain calendar view need, without any address. `standard`: also people with their
 * answers, conference links, the properties of special events. `full`: also reminders, shared properties,
 * sources and all details of conferences and attachments.
 */
export const EVENT_DETAILS = ['minimal', 'standard', 'full'] as const;
export type EventDetail = (typeof EVENT_DETAILS)[number];
