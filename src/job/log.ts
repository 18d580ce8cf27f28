/** The part of a structured logger that the gateway uses; pino's satisfies it. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** For those who embed the gateway and want no lines from it. */
export const silentLog: Log = { info() {}, warn() {}, error() {} }
