import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * Refuses bodies of more bytes with 413. Yoga's own limit sends every body through a stream and a second request,
 * which costs more than all the rest of a small query. So bytes are counted only where nobody has done so: Node takes
 * no more from a socket than was announced there.
 */
export function useBodyLimit(maxBytes: number): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext, fetchAPI }) {
      const announced = request.headers.get('content-length')
      if (announced !== null && !(Number(announced) <= maxBytes)) throw tooLarge(maxBytes)
      const isCounted = announced !== null && 'req' in serverContext
      if (isCounted || !requestParser || !request.body) return
      setRequestParser(async ({ url, method, headers, body, signal }) => {
        const bytes = await readAtMost(maxBytes, body as ReadableStream<Uint8Array>)
        return requestParser(new fetchAPI.Request(url, { method, headers, signal, body: bytes }))
      })
    },
  }
}

/** Leaves what is too much unread: to cancel it would break the connection before it has been answered. */
async function readAtMost(maxBytes: number, body: ReadableStream<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    chunks.push(part.value)
  }
  return Buffer.concat(chunks)
}

function tooLarge(maxBytes: number): GraphQLError {
  return new GraphQLError(`The body has more than ${maxBytes} bytes, which is the limit.`, {
    extensions: { code: 'BAD_INPUT', http: { status: 413 } },
  })
}
