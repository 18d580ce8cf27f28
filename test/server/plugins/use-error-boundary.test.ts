import { createSchema, createYoga, type Plugin } from 'graphql-yoga'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { silentLog } from '../../../src/job/log.js'
import { createErrorMask } from '../../../src/server/plugins/mask-error.js'
import { useErrorBoundary } from '../../../src/server/plugins/use-error-boundary.js'
import { closeAfterTest } from '../../support/close-after-test.js'

const schema = createSchema({ typeDefs: 'type Query { a: Int }' })

function fail(): never {
  throw new Error('internal detail')
}

/** The response of a server with a broken plugin, over a socket. */
async function responseWith(broken: Plugin) {
  const maskError = createErrorMask(silentLog)
  const plugins = [useErrorBoundary(maskError), broken]
  const yoga = createYoga({ schema, logging: false, maskedErrors: { maskError }, plugins })
  const server = createServer((request, response) => void yoga(request, response)).listen(0, '127.0.0.1')
  closeAfterTest(() => Promise.resolve(void server.close()))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/graphql?query={a}`, { headers: { connection: 'close' } })
  return { status: response.status, text: await response.text() }
}

it('answers INTERNAL without details when a plugin throws while it processes the result', async () => {
  const { status, text } = await responseWith({ onResultProcess: fail })
  expect(status).toBe(500)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] })
  expect(text).not.toMatch(/internal detail|at .*:\d+/)
})
