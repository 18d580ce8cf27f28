import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse, validate } from 'graphql'
import { z } from 'zod'
import { gatewaySchema } from '../schema.js'

/** Operations that callers may name by the hash of their document (trusted documents). */
export interface PersistedOperations {
  /** Documents by the SHA-256 of their text, in hexadecimal. */
  readonly documents: ReadonlyMap<string, string>
  /** Whether every other operation is rejected. */
  readonly only: boolean
}

const fileSchema = z.record(z.string(), z.string())

/** Reads a file as GraphQL Code Generator and Relay write it, a JSON object of documents by hash, and lists everything wrong with it. */
export function readPersistedOperations(file: string): {
  readonly documents: PersistedOperations['documents']
  readonly problems: readonly string[]
} {
  const content = readJson(file)
  if (content instanceof Error) return { documents: new Map(), problems: [content.message] }
  const { success, data = {} } = fileSchema.safeParse(content)
  // The generator writes `sha256:` before each hash, Relay does not.
  const documents = new Map(Object.entries(data).map(([hash, document]) => [hash.replace(/^sha256:/, ''), document]))
  if (!success || documents.size === 0)
    return { documents, problems: ['must hold a JSON object that maps SHA-256 hashes to documents'] }
  return {
    documents,
    problems: [...documents].flatMap(([hash, document]) =>
      problemsOf(hash, document).map((problem) => `${hash}: ${problem}`),
    ),
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const isReadable = error instanceof SyntaxError
    return new Error(isReadable ? 'must hold valid JSON' : `cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

function problemsOf(hash: string, document: string): readonly string[] {
  const actual = createHash('sha256').update(document).digest('hex')
  const mismatch = hash === actual ? [] : [`is not the SHA-256 of its document, which is ${actual}`]
  try {
    return [...mismatch, ...validate(gatewaySchema(), parse(document)).map(({ message }) => message)]
  } catch (error) {
    return [...mismatch, (error as Error).message]
  }
}
