import { EnvironmentError } from '../contracts/environment.ts';

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const EXPORTERS = ['otlp', 'none'] as const;

export interface TracingSettings {
  protocol: (typeof PROTOCOLS)[number];
}

type Variables = Record<string, string | undefined>;

/**
 * Settings from OpenTelemetry's variables that decide whether to trace. Null without an endpoint or an
 * exporter. OpenTelemetry's libraries read the rest (headers, sampling, batches, service name) themselves.
 * @throws EnvironmentError for an exporter or a protocol that is not installed
 */
export function tracingSettings(variables: Variables): TracingSettings | null {
  if (variables['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return null;
  const asked =
    variables['OTEL_TRACES_EXPORTER'] ||
    variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ||
    variables['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (!asked) return null;
  const exporter = oneOf(EXPORTERS, variables, ['OTEL_TRACES_EXPORTER']);
  if (exporter === 'none') return null;
  const names = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
  return { protocol: oneOf(PROTOCOLS, variables, names) };
}

/** Value of the first variable that is set; the first of `values` if none is. */
function oneOf<Value extends string>(
  values: readonly [Value, ...Value[]],
  variables: Variables,
  names: readonly string[],
): Value {
  const name = names.find((candidate) => variables[candidate]);
  if (name === undefined) return values[0];
  const found = values.find((value) => value === variables[name]);
  if (found === undefined) throw new EnvironmentError(`${name} must be ${values.join(' or ')}.`);
  return found;
}
