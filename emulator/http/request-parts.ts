import type { FastifyRequest } from 'fastify';

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value, none if it is no object. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The query string; repeated parameters are arrays. */
export function queryOf(request: FastifyRequest): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(fieldsOf(request.query))) {
    if (typeof value === 'string') query[name] = value;
    else if (Array.isArray(value)) query[name] = value.map(String);
  }
  return query;
}

/** A part of the path, percent-decoded; empty if the route has none of that name. */
export function paramOf(
  request: FastifyRequest,
  name: 'calendarId' | 'eventId' | 'operation' | 'setting',
): string {
  return textOf(fieldsOf(request.params), name) ?? '';
}

/** A field, if it is a string. */
export function textOf(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** The string fields of a form or a query, the last of repeated ones. */
export function stringsOf(value: unknown): Record<string, string | undefined> {
  const strings: Record<string, string | undefined> = {};
  for (const [name, field] of Object.entries(fieldsOf(value))) {
    const last: unknown = Array.isArray(field) ? field.at(-1) : field;
    if (typeof last === 'string') strings[name] = last;
  }
  return strings;
}
