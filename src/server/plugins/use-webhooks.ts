import { createHash, timingSafeEqual } from 'node:crypto'
import type { Plugin } from 'graphql-yoga'
import { parseJson } from '../../job/json-text.js'
import { isVendorId } from '../../job/vendor-id.js'
import type { Vendor } from '../../job/vendor.js'
import type { Watcher } from '../../watch/watcher.js'

/** `POST /webhooks/cortex/<token>` */
const PATH = /^\/webhooks\/([^/]+)\/([^/]+)$/
/** A record with all its rules is some kilobytes. */
const MAX_BODY_BYTES = 64 * 1024
const MAX_STRINGS = 500

/**
 * Lets vendors post that something happened, where they are configured to: jobs that are being watched are then looked
 * at at once instead of at the next look. What is posted is not believed, for no vendor signs it: its words are only
 * compared with the ids of those jobs. A wrong token, or a vendor that has none, is a path that does not exist.
 */
export function useWebhooks(vendors: readonly Vendor[], watcher: Pick<Watcher, 'notifyMentioned'>): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      const [, name, token] = PATH.exec(url.pathname) ?? []
      if (name === undefined || token === undefined) return
      const answer = (status: number, headers: Record<string, string> = {}) =>
        endResponse(new fetchAPI.Response(null, { status, headers }))
      const vendor = vendors.find((candidate) => candidate.name.toLowerCase() === name)
      if (!vendor?.webhookToken || !isSame(token, vendor.webhookToken.reveal())) return answer(404)
      if (request.method !== 'POST') return answer(405, { allow: 'POST' })
      const body = await readBody(request.body)
      if (body === null) return answer(413)
      watcher.notifyMentioned(vendor.name, stringsIn(body))
      return answer(202)
    },
  }
}

/** Takes as long whatever they have in common. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** Null when it is too large. It is read to its end all the same, or the sender would see a broken connection and no answer. */
async function readBody(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : null
}

/** Everything in it that could be an id, what lies less deep first: the form of what is posted is not documented. */
function stringsIn(body: string): readonly string[] {
  const words = new Set<string>()
  const values: unknown[] = [parseJson(body)]
  for (const value of values) {
    if (words.size >= MAX_STRINGS) break
    if (typeof value === 'object' && value !== null) values.push(...(Object.values(value) as unknown[]))
    else if ((typeof value === 'string' || typeof value === 'number') && isVendorId(String(value)))
      words.add(String(value))
  }
  return [...words]
}
