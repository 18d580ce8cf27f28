import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectMaskedResponse, type ReturnedResult } from '../support/masked-errors.js'
import { openExposedGateway, type ExposedGateway, type HttpResponse } from '../support/exposed-gateway.js'
import { bodies, brokenDocuments, requests, rawStreams } from '../support/hostile-requests.js'
import { variablesOf } from '../support/hostile-values.js'
import { rootFields } from '../support/root-fields.js'

let gateway: ExposedGateway
beforeAll(async () => {
  gateway = await openExposedGateway()
})
afterAll(() => gateway.close())

/** Everything that was sent, so that nothing counts twice. */
const tried = new Set<string>()
let understood = 0

/** Sends many, one after the other. What comes back has to be an answer that tells nothing. */
function expectCalmFor<Input>(
  inputs: fc.Arbitrary<Input>,
  numRuns: number,
  send: (input: Input) => Promise<HttpResponse>,
) {
  return fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      tried.add(fc.stringify(input))
      const results = expectMaskedResponse(await send(input))
      if (results.some(isOfValues)) understood++
      expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([])
    }),
    { numRuns },
  )
}

/** Whether it is about what the operation asked for, rather than about its words or the types of its variables. */
function isOfValues({ data, errors = [] }: ReturnedResult): boolean {
  return data !== undefined || errors.some(({ extensions }) => extensions?.code === 'BAD_INPUT')
}

const operations = fc
  .constantFrom(...rootFields())
  .chain((field) => variablesOf(field).map((variables) => ({ field, variables })))

describe('whatever is sent over a socket is answered, with no word of what is inside', { timeout: 120_000 }, () => {
  it('values of every argument there is', async () => {
    await expectCalmFor(operations, 2000, ({ field, variables }) => {
      const accept = field.kind === 'subscription' ? 'text/event-stream' : undefined
      return gateway.ask({ query: field.document, variables }, accept)
    })
    // That is, most of it is no mere matter of types.
    expect(understood).toBeGreaterThan(800)
  })

  it('documents with mistakes in them', () => expectCalmFor(brokenDocuments, 1000, (query) => gateway.ask({ query })))

  it('bodies of all sorts', () =>
    expectCalmFor(bodies, 1000, (body) => gateway.send({ headers: { 'content-type': 'application/json' }, body })))

  it('methods, paths, queries and headers', () => expectCalmFor(requests, 1500, (request) => gateway.send(request)))

  it('bytes that are hardly HTTP', () => expectCalmFor(rawStreams, 300, sendBytes))

  it('was more than five thousand inputs, and the gateway is as it was', async () => {
    expect(tried.size).toBeGreaterThan(5000)
    const { status, text } = await gateway.ask({ query: '{ vendors { mode } }' })
    expect([status, JSON.parse(text)]).toEqual([200, { data: { vendors: [{ mode: 'LIVE' }, { mode: 'LIVE' }] } }])
  })
})

/** What comes back for these, by when the gateway has closed or there is an answer; nothing is an answer, too. */
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
