import { z } from 'zod'
import { VENDOR_ERROR_CODES } from '../job/errors.js'
import { parseJson } from '../job/json-text.js'

/** What instances tell each other of the jobs that they watch. `job` is its key. */
const message = z.discriminatedUnion('kind', [
  /** The leader sees the job so. */
  z.object({ kind: z.literal('news'), job: z.string(), print: z.string() }),
  /** The leader cannot see it. */
  z.object({ kind: z.literal('outage'), job: z.string(), code: z.enum(VENDOR_ERROR_CODES), message: z.string() }),
  /** Something was done to it. */
  z.object({ kind: z.literal('wake'), job: z.string() }),
  /** A vendor posted something in which these words stand; some of them may be ids of its jobs. */
  z.object({ kind: z.literal('hint'), vendor: z.string(), words: z.array(z.string()).readonly() }),
])

export type ClusterMessage = z.infer<typeof message>

const envelope = z.object({ from: z.string(), message })

/** The message as it travels, with the name of the instance that sends it. */
export function encodeClusterMessage(from: string, message: ClusterMessage): string {
  return JSON.stringify({ from, message })
}

/** The message of another instance; null for one's own, and for what another version may have sent. */
export function decodeClusterMessage(to: string, text: string): ClusterMessage | null {
  const { data } = envelope.safeParse(parseJson(text))
  return data === undefined || data.from === to ? null : data.message
}
