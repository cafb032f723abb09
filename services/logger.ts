import type { LogLevel, Logger as TemporalLogger, LogMetadata } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Environment } from '../contracts/environment.ts';

/** Structured logs on stdout: one JSON object per line, or a readable form for terminals. */
export function createLogger({
  LOG_LEVEL,
  LOG_FORMAT,
}: Pick<Environment, 'LOG_LEVEL' | 'LOG_FORMAT'>): Logger {
  const options = { level: LOG_LEVEL, base: { service: 'almanac' } };
  return LOG_FORMAT === 'pretty' ? pino(options, pretty({ ignore: 'pid,hostname,service' })) : pino(options);
}

const PINO_LEVEL = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Adapter through which Temporal's SDK, workflows and activities log to pino. */
export function toTemporalLogger(logger: Logger): TemporalLogger {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}) =>
    logger[PINO_LEVEL[level]](meta, message);
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
