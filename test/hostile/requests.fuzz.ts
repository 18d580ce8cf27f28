import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectMaskedResponse, type ReturnedResult } from '../support/masked-errors.js'
import { openExposedGateway, type ExposedGateway, type HttpResponse } from '../support/exposed-gateway.js'
import { hostileBodies } from '../support/hostile-bodies.js'
import { brokenDocuments } from '../support/hostile-documents.js'
import { hostileRequests } from '../support/hostile-requests.js'
import { rawStreams } from '../support/raw-streams.js'
import { variablesOf } from '../support/hostile-values.js'
import { rootFields } from '../support/root-fields.js'

let gateway: ExposedGateway
beforeAll(async () => {
  gateway = await openExposedGateway()
})
afterAll(() => gateway.close())

/** All distinct inputs so far. */
const tried = new Set<string>()
let executed = 0

/** Sends `numRuns` inputs in turn; fails unless every response is masked and nothing is logged as an error. */
function expectMaskedFor<Input>(
  inputs: fc.Arbitrary<Input>,
  numRuns: number,
  send: (input: Input) => Promise<HttpResponse>,
) {
  return fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      tried.add(fc.stringify(input))
      const results = expectMaskedResponse(await send(input))
      if (results.some(reachesExecution)) executed++
      expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
    }),
    { numRuns },
  )
}

/** Whether the operation passed parsing, validation and variable coercion. */
function reachesExecution({ data, errors = [] }: ReturnedResult): boolean {
  return data !== undefined || errors.some(({ extensions }) => extensions?.code === 'BAD_INPUT')
}

const operations = fc
  .constantFrom(...rootFields())
  .chain((field) => variablesOf(field).map((variables) => ({ field, variables })))

describe('hostile HTTP input gets a response without internals', { timeout: 120_000 }, () => {
  it('accepts hostile values for every argument', async () => {
    await expectMaskedFor(operations, 2000, ({ field, variables }) => {
      const accept = field.kind === 'subscription' ? 'text/event-stream' : undefined
      return gateway.ask({ query: field.document, variables }, accept)
    })
    // Enough inputs must pass type checks and reach the resolvers.
    expect(executed).toBeGreaterThan(800)
  })

  it('accepts broken documents', () => expectMaskedFor(brokenDocuments, 1000, (query) => gateway.ask({ query })))

  it('accepts hostile bodies', () =>
    expectMaskedFor(hostileBodies, 1000, (body) =>
      gateway.send({ headers: { 'content-type': 'application/json' }, body }),
    ))

  it('accepts hostile methods, paths, query strings and headers', () =>
    expectMaskedFor(hostileRequests, 1500, (request) => gateway.send(request)))

  it('accepts malformed HTTP', () => expectMaskedFor(rawStreams, 300, sendBytes))

  it('tried more than 5,000 inputs, and the gateway still serves requests', async () => {
    expect(tried.size).toBeGreaterThan(5000)
    const { status, text } = await gateway.ask({ query: '{ vendors { mode } }' })
    expect([status, JSON.parse(text)]).toEqual([200, { data: { vendors: [{ mode: 'LIVE' }, { mode: 'LIVE' }] } }])
  })
})

/** Sends raw bytes and reads until the gateway responds or closes; an empty response counts as 400. */
async function sendBytes(bytes: Buffer): Promise<HttpResponse> {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    socket.end()
  })
  socket.end(bytes)
  if (!socket.destroyed) await once(socket, 'close')
  const [head = '', ...body] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 400)
  expect(head + body.join('')).not.toMatch(/node_modules|\n {4}at /)
  return { status, type: '', text: '' }
}
