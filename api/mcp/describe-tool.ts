import type { OpenAPIV3_1 } from 'openapi-types';
import { InvalidInputError } from '../../services/errors.ts';
import type { Caller } from '../../services/keys/api-keys.ts';
import { IDEMPOTENCY_HEADER } from '../idempotency.ts';
import type { ToolRule } from './tools.ts';

/** A request to the API: its path with the query, and its body. */
export interface ToolRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export type ToolArguments = Readonly<Record<string, unknown>>;

/** JSON Schema of an object. */
interface ObjectSchema {
  type: 'object';
  properties: Record<string, object>;
  required: string[];
}

export interface Tool {
  description: string;
  /** For the model. The API checks the arguments. */
  inputSchema: ObjectSchema;
  /** @throws InvalidInputError if a part of the path is missing */
  toRequest(given: ToolArguments): ToolRequest;
}

export interface Operation {
  method: string;
  path: string;
  operation: OpenAPIV3_1.OperationObject;
}

/** Parameters of an operation's path and query, and fields of its body, are arguments alike. */
type Place = 'path' | 'query' | 'body' | 'header';
interface Argument {
  place: Place;
  isRequired: boolean;
  schema: object;
}

const WORKSPACE = 'workspaceId';
/** The header, as an argument. */
const REQUEST_KEY = 'idempotencyKey';

/** The object that a body may be, which may also be absent. */
function bodySchema({ requestBody }: OpenAPIV3_1.OperationObject): ObjectSchema | undefined {
  if (requestBody === undefined || '$ref' in requestBody) return undefined;
  const schema = requestBody.content['application/json']?.schema as
    (Partial<ObjectSchema> & { anyOf?: Partial<ObjectSchema>[] }) | undefined;
  const found = [schema, ...(schema?.anyOf ?? [])].find((one) => one?.properties !== undefined);
  return found && { type: 'object', properties: found.properties ?? {}, required: found.required ?? [] };
}

function argumentsOf(operation: OpenAPIV3_1.OperationObject): Map<string, Argument> {
  const found = new Map<string, Argument>();
  for (const parameter of operation.parameters ?? []) {
    if ('$ref' in parameter) continue;
    const { name, in: place, required: isRequired = false, schema = {}, description } = parameter;
    const described = { ...schema, ...(description !== undefined && { description }) };
    if (place === 'path' || place === 'query') found.set(name, { place, isRequired, schema: described });
    else if (name === IDEMPOTENCY_HEADER) {
      found.set(REQUEST_KEY, { place: 'header', isRequired: false, schema: described });
    }
  }
  const body = bodySchema(operation);
  for (const [name, schema] of Object.entries(body?.properties ?? {})) {
    if (found.has(name)) throw new Error(`${operation.operationId} has ${name} twice.`);
    found.set(name, { place: 'body', isRequired: body?.required.includes(name) ?? false, schema });
  }
  return found;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function addToQuery(query: URLSearchParams, name: string, value: unknown): void {
  for (const one of Array.isArray(value) ? value : [value]) query.append(name, asText(one));
}

/** One part of a path. `.` and `..` would name another route. */
function pathSegment(name: string, value: unknown): string {
  const text = asText(value);
  if (/^\.{0,2}$/.test(text)) throw new InvalidInputError(name, 'must be an ID');
  return encodeURIComponent(text);
}

/** A tool for one caller. A workspace's key can mean no other workspace, so that is no argument. */
export function describeTool(
  { fixed = {}, defaults = {}, summary }: ToolRule,
  { method, path, operation }: Operation,
  { scope }: Caller,
): Tool {
  const known = argumentsOf(operation);
  const own: ToolArguments = {
    ...(scope !== 'admin' && known.has(WORKSPACE) && { [WORKSPACE]: scope.workspaceId }),
    ...fixed,
  };
  const open = [...known].filter(([name]) => !(name in own));
  return {
    description: [summary ?? operation.summary, operation.description].filter(Boolean).join('. '),
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(
        open.map(([name, { schema }]) => [
          name,
          name in defaults ? { ...schema, default: defaults[name] } : schema,
        ]),
      ),
      required: open.flatMap(([name, { isRequired }]) => (isRequired ? [name] : [])),
    },
    toRequest(given) {
      const values = { ...defaults, ...given, ...own };
      const query = new URLSearchParams();
      const body: Record<string, unknown> = {};
      const headers: Record<string, string> = {};
      let filled = path;
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined) continue;
        // The API refuses what it does not know, where it belongs.
        const place = known.get(name)?.place ?? (operation.requestBody === undefined ? 'query' : 'body');
        if (place === 'query') addToQuery(query, name, value);
        else if (place === 'body') body[name] = value;
        else if (place === 'header') headers[IDEMPOTENCY_HEADER] = asText(value);
        else filled = filled.replace(`{${name}}`, pathSegment(name, value));
      }
      const missing = /\{(\w+)\}/.exec(filled)?.[1];
      if (missing !== undefined) throw new InvalidInputError(missing, 'is required');
      return {
        method,
        path: query.size > 0 ? `${filled}?${query.toString()}` : filled,
        headers,
        ...(operation.requestBody !== undefined && { body: JSON.stringify(body) }),
      };
    },
  };
}
