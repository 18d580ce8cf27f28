import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'

/** What Yoga is given beside a request: over HTTP Node's request, over WebSocket the handshake's, to `fetch` neither. */
export interface ServerContext {
  readonly req?: IncomingMessage
}

/**
 * Names whoever sent an operation, so that what all of theirs come to can be counted: the address they came from. Null
 * for operations that were handed to `fetch`: whoever does that is part of the same process, and knows who it is for.
 *
 * A caller who is known by name is to be named by it, whatever the address: this is the place.
 */
export function callerKey({ req }: ServerContext): string | null {
  const address = req?.socket.remoteAddress
  return address === undefined ? null : `address ${isIPv6(address) ? networkOf(address) : address}`
}

/** Whoever has one address of IPv6 usually has all that begin with the same 64 bits. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':').length : 0
  const zeros = tail === undefined ? 0 : 8 - groups.length - after
  return [...groups, ...Array<string>(zeros).fill('0'), ...(tail ? tail.split(':') : [])].slice(0, 4).join(':')
}
