import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { encodeJobId } from '../../../src/job/job-id.js'
import { json } from '../../support/scripted-vendor.js'
import { CANCELLABLE_KINDS } from '../../support/cancellable-kinds.js'
import { cancel, cancelRequest, openVendor, readJob, sendCancel } from '../../support/cancel.js'
import { cancelResults } from '../../support/cancel-results.js'

describe.each(CANCELLABLE_KINDS)('cancelling a job of the type $type', (kind) => {
  const { statuses, respondWithStatus, unexpectedRead } = cancelResults(kind)

  describe('the request', () => {
    it('is only the cancel, addressed by the ids of the vendor', async () => {
      const { requests } = await cancel(kind, { cancel: respondWithStatus(statuses.cancelled), read: unexpectedRead })
      expect(requests).toEqual([kind.cancelCall])
    })

    it('is the same for a global id', async () => {
      const by = { id: encodeJobId({ type: kind.type, path: kind.path }) }
      const { result, requests } = await cancel(kind, {
        cancel: respondWithStatus(statuses.cancelled),
        read: unexpectedRead,
        by,
      })
      expect(result).toMatchObject({ outcome: 'CANCELLED' })
      expect(requests).toEqual([kind.cancelCall])
    })

    it('has the credential and no body', async () => {
      const bodies: Promise<string>[] = []
      const { headers } = await cancel(kind, {
        cancel(request, response) {
          bodies.push(bodyOf(request))
          respondWithStatus(statuses.cancelled)(request, response)
        },
        read: unexpectedRead,
      })
      expect(headers).toHaveLength(1)
      expect(headers[0]).toMatchObject({ ...kind.credential, accept: 'application/json' })
      expect(headers[0]).not.toHaveProperty('content-type')
      expect(headers[0]).not.toHaveProperty('transfer-encoding')
      expect(headers[0]?.['content-length'] ?? '0').toBe('0')
      expect(await Promise.all(bodies)).toEqual([''])
    })

    it.each([
      ['is invalid', { id: 'not-an-id' }],
      ['is of another type', { id: encodeJobId({ type: 'Invoice', path: kind.path }) }],
      ['has too many parts', { id: encodeJobId({ type: kind.type, path: [...kind.path, 'more', 'and-more'] }) }],
      ['would change the path', kind.badBy],
    ])('is not sent for an id that %s', async (_what, by) => {
      const { response, requests } = await cancel(kind, {
        cancel: respondWithStatus(statuses.cancelled),
        read: unexpectedRead,
        by,
      })
      expect(response.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
      expect(requests).toEqual([])
    })

    it('is sent even when the circuit breaker blocks reads', async () => {
      const { vendor, gateway } = await openVendor(kind)
      vendor.answer(json(500, {}))
      const read = () => readJob(gateway, kind)
      for (let failures = 0; failures < 10; failures++) await read()
      await read()
      expect(vendor.requests).toHaveLength(10)
      vendor.answer(respondWithStatus(statuses.cancelled))
      const { result } = await sendCancel(gateway, kind)
      expect(result).toMatchObject({ outcome: 'CANCELLED' })
      expect(vendor.requests.slice(10)).toEqual([kind.cancelCall])
    })

    it('is completed although the client has disconnected', async () => {
      const client = new AbortController()
      const seen = { finished: false, aborted: false }
      let respond = () => {}
      const { vendor, gateway } = await openVendor(kind)
      vendor.answer((request, response) => {
        response.on('finish', () => (seen.finished = true))
        response.on('close', () => (seen.aborted = !response.writableFinished))
        respond = () => respondWithStatus(statuses.cancelled)(request, response)
      })
      const disconnecting = gateway.gateway.fetch(cancelRequest(kind, client.signal)).catch(() => undefined)
      await expect.poll(() => vendor.requests).toEqual([kind.cancelCall])
      client.abort()
      await new Promise((resolve) => setTimeout(resolve, 50))
      respond()
      await expect.poll(() => seen).toEqual({ finished: true, aborted: false })
      await disconnecting
      expect(vendor.requests).toEqual([kind.cancelCall])
    })
  })
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
