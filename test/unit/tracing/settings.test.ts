import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../contracts/environment.ts';
import { tracingSettings } from '../../../tracing/settings.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };
const PROTOBUF = { protocol: 'http/protobuf' };

describe('tracing', () => {
  it.each<[string, Record<string, string>]>([
    ['an endpoint', ENDPOINT],
    ['an endpoint for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }],
    ['the exporter, for the endpoint that is usual', { OTEL_TRACES_EXPORTER: 'otlp' }],
  ])('is switched on by %s', (_, variables) => {
    expect(tracingSettings(variables)).toEqual(PROTOBUF);
  });

  it.each<[string, Record<string, string>]>([
    ['without any variable', {}],
    ['with empty ones', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' }],
    ['when the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
    ['when there is to be no exporter', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('is off %s', (_, variables) => {
    expect(tracingSettings(variables)).toBeNull();
  });

  it('speaks the protocol for traces before the one for everything', () => {
    const protocols = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    };
    expect(tracingSettings({ ...ENDPOINT, ...protocols })).toEqual({ protocol: 'http/json' });
  });

  it.each([
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'OTEL_TRACES_EXPORTER must be otlp or none.'],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'grpc',
      'OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json.',
    ],
  ])('refuses what is not installed: %s=%s', (name, value, message) => {
    expect(() => tracingSettings({ ...ENDPOINT, [name]: value })).toThrow(new EnvironmentError(message));
  });
});
