import { createHash, timingSafeEqual } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import { parseJson } from '../../job/json-text.js'
import { isVendorId } from '../../job/vendor-id.js'
import type { Vendor } from '../../job/vendor.js'
import type { Watcher } from '../../watch/watcher.js'

/** `POST /webhooks/cortex/<token>` */
const PATH = /^\/webhooks\/([^/]+)\/([^/]+)$/
/** A record with all its rules takes a few kilobytes. */
const MAX_BODY_BYTES = 64 * 1024
const MAX_STRINGS = 500

/**
 * Accepts webhooks from vendors, and polls the watched jobs they mention at once instead of at the next interval. The
 * body is untrusted, because vendors do not sign it: its strings are only compared with the ids of watched jobs. A wrong
 * token, or a vendor without one, gets 404.
 */
export function useWebhooks(vendors: readonly Vendor[], watcher: Pick<Watcher, 'notifyMentioned'>): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      const [, name, token] = PATH.exec(url.pathname) ?? []
      if (name === undefined || token === undefined) return
      const respond = (status: number, headers: Record<string, string> = {}) =>
        endResponse(new fetchAPI.Response(null, { status, headers }))
      const vendor = vendors.find((candidate) => candidate.name.toLowerCase() === name)
      if (!vendor?.webhookToken || !isEqual(token, vendor.webhookToken.reveal())) return respond(404)
      if (request.method !== 'POST') return respond(405, { allow: 'POST' })
      const body = await readBody(request.body)
      if (body === null) return respond(413)
      watcher.notifyMentioned(vendor.name, stringsIn(body))
      return respond(202)
    },
  }
}

/** Compares in constant time. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** Null when it is too large. Reads to the end even then, or the sender would see a broken connection and no response. */
async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : null
}

/** All strings that could be ids, shallowest first: vendors do not document the format of their webhooks. */
function stringsIn(body: string): readonly string[] {
  const strings = new Set<string>()
  const values: unknown[] = [parseJson(body)]
  for (const value of values) {
    if (strings.size >= MAX_STRINGS) break
    if (typeof value === 'object' && value !== null) values.push(...(Object.values(value) as unknown[]))
    else if ((typeof value === 'string' || typeof value === 'number') && isVendorId(String(value)))
      strings.add(String(value))
  }
  return [...strings]
}
