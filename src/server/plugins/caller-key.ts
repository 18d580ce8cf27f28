import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Identity } from '../../auth/identity.js'
import type { Slot } from '../limits/slot.js'

/** What Yoga is given beside a request, or has found out about it. */
export interface ServerContext {
  /** Over HTTP Node's request, over WebSocket the handshake's; `fetch` is given none. */
  readonly req?: IncomingMessage
  /** Over HTTP not before the caller was asked who they are. */
  identity?: Identity | undefined
  /** Names the operation on log lines. */
  requestId?: string
  /** Left when there is an answer, or the stream of them has begun. */
  readonly slot?: Slot
}

/**
 * Names whoever sent an operation, so that what all of theirs come to can be counted: by how they are known and as whom,
 * wherever they are; where nobody is asked who they are, by the address they came from. Null for what was handed to
 * `fetch` in nobody's name: whoever does that is part of the same process, and knows who it is for.
 */
export function callerKey({ req, identity }: ServerContext): string | null {
  if (identity && identity.via !== 'none') return `${identity.via} ${identity.name}`
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
