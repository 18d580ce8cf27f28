/** The part of a structured logger that the gateway uses; pino's satisfies it. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** For those who embed the gateway and want no lines from it. */
export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** The same log, with these fields on each of its lines. */
export function withFields(log: Log, common: object): Log {
  return {
    info: (fields, message) => log.info({ ...common, ...fields }, message),
    warn: (fields, message) => log.warn({ ...common, ...fields }, message),
    error: (fields, message) => log.error({ ...common, ...fields }, message),
  }
}
