import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '../../src/job/errors.js'
import type { HealthyResponse } from './healthy.js'

/** In which way an operation needs a vendor. */
export const KINDS = ['one', 'second', 'list', 'jobs', 'ping', 'watch', 'cancel', 'cancel+read'] as const
export type Kind = (typeof KINDS)[number]

/** What a field comes to: an error's code, a cancel's outcome, null without an error, or what it always shows. */
export type Outcome = ErrorCode | 'DATA' | 'NOTHING' | 'CANCELLING'

/** One request to the sick vendor, and what it would have answered. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly healthy: HealthyResponse
  /** Another host, which nobody should ask. */
  readonly elsewhere: URL
}

/** Something that a vendor, or what is between it and the gateway, does wrong. */
export interface Fault {
  readonly name: string
  /** Answers a request. */
  readonly attack?: (exchange: Exchange) => void
  /** Takes a connection before anything is sent on it. */
  readonly connection?: (socket: Socket) => void
  /** Does not even let it come to a connection. */
  readonly reach?: 'nobody listens' | 'no such name' | 'names are not answered' | 'TLS'
  /** What every operation comes to that has no entry in `except`. */
  readonly outcome: Outcome
  readonly except?: Partial<Record<Kind | `${Kind} of ${'CORTEX' | 'KODEXA'}`, Outcome>>
  /** Whether reads are tried again. */
  readonly again?: boolean
  /** Whether a cancel may have arrived, so that what came of it is not known. */
  readonly unsure?: boolean
  /** Whether the vendor has to be left alone for a while. */
  readonly pauses?: boolean
  /** Whether its end is the end of a wait. */
  readonly slow?: boolean
  /** Whether it takes a lot of the machine, so that nothing else is tried meanwhile. */
  readonly heavy?: boolean
}
