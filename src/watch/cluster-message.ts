import { z } from 'zod'
import { VENDOR_ERROR_CODES } from '../job/errors.js'
import { parseJson } from '../job/json-text.js'

/** What instances publish about the jobs that they watch. `job` is its key. */
const message = z.discriminatedUnion('kind', [
  /** The leader has polled the job and found this state. */
  z.object({ kind: z.literal('update'), job: z.string(), fingerprint: z.string() }),
  /** The leader cannot read the job. */
  z.object({ kind: z.literal('outage'), job: z.string(), code: z.enum(VENDOR_ERROR_CODES), message: z.string() }),
  /** The job has probably changed; the leader should poll it. */
  z.object({ kind: z.literal('changed'), job: z.string() }),
  /** A webhook of this vendor contained these strings; some of them may be ids of its jobs. */
  z.object({ kind: z.literal('mentioned'), vendor: z.string(), strings: z.array(z.string()).readonly() }),
])

export type ClusterMessage = z.infer<typeof message>

const envelope = z.object({ from: z.string(), message })

/** Serialises a message with the id of its sender. */
export function encodeClusterMessage(from: string, message: ClusterMessage): string {
  return JSON.stringify({ from, message })
}

/** Parses a message of another instance; null for the recipient's own messages and for unknown formats. */
export function decodeClusterMessage(to: string, text: string): ClusterMessage | null {
  const { data } = envelope.safeParse(parseJson(text))
  return data === undefined || data.from === to ? null : data.message
}
