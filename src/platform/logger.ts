import type { LoggerService } from '@nestjs/common';

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LEVELS;

/** Where a finished line goes: standard output, or a test's list. */
export type LogSink = (line: string) => void;

/** Writes one JSON object a line. Nothing that a client sent in confidence may be passed to it. */
export class JsonLogger implements LoggerService {
  constructor(
    private readonly threshold: LogLevel,
    private readonly sink: LogSink = (line) => process.stdout.write(`${line}\n`),
  ) {}

  write(level: LogLevel, fields: Readonly<Record<string, unknown>>): void {
    if (LEVELS[level] < LEVELS[this.threshold]) return;
    this.sink(JSON.stringify({ time: new Date().toISOString(), level: level.toUpperCase(), ...fields }));
  }

  /** Nest's account of its own start, a line a route, is nobody's need. */
  log(): void {}
  debug(): void {}
  verbose(): void {}

  warn(message: unknown, context?: unknown): void {
    this.write('warn', { message, context });
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    const error = message instanceof Error ? message : undefined;
    this.write('error', { message: error?.message ?? message, stack: error?.stack ?? stack, context });
  }
}
