/** The part of a structured logger that the gateway uses. A pino logger satisfies it. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Discards every line: for embedding without logs. */
export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** A log that adds these fields to every line. */
export function withFields(log: Log, common: object): Log {
  return {
    info: (fields, message) => log.info({ ...common, ...fields }, message),
    warn: (fields, message) => log.warn({ ...common, ...fields }, message),
    error: (fields, message) => log.error({ ...common, ...fields }, message),
  }
}
