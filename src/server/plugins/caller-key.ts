import { isIPv6 } from 'node:net'
import type { ServerContext } from '../server-context.js'

/**
 * The key under which a caller's operations are counted: the identity and how it was proved, or the address when
 * authentication is off. Null for `fetch` without an identity: that caller runs in this process.
 */
export function callerKey({ req, identity }: ServerContext): string | null {
  if (identity && identity.via !== 'none') return `${identity.via} ${identity.name}`
  const address = req?.socket.remoteAddress
  return address === undefined ? null : `address ${isIPv6(address) ? networkOf(address) : address}`
}

/** The /64 prefix: a client with one IPv6 address usually has all of that network. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':').length : 0
  const zeros = tail === undefined ? 0 : 8 - groups.length - after
  return [...groups, ...Array<string>(zeros).fill('0'), ...(tail ? tail.split(':') : [])].slice(0, 4).join(':')
}
