import { describe, expect, it } from 'vitest'
import { openGateway } from '../../support/gateway.js'
import { hang, resetConnection, json, text } from '../../support/scripted-vendor.js'
import { CANCELLABLE_KINDS } from '../../support/cancellable-kinds.js'
import { closeAfterTest } from '../../support/close-after-test.js'
import { cancel, sendCancel } from '../../support/cancel.js'
import { cancelResults } from '../../support/cancel-results.js'

const NOT_FOUND = { __typename: 'JobNotFoundError', code: 'NOT_FOUND' }

/** Short enough for a test, long enough for a response from loopback. */
const SHORT = { timeoutMs: 200 }

/** Nothing listens on this port. */
const CLOSED_PORT = new URL('http://127.0.0.1:1')

describe.each(CANCELLABLE_KINDS)('cancelling a job of the type $type', (kind) => {
  const {
    statuses,
    respondWithStatus,
    job,
    success,
    notCancellable,
    vendorError,
    cancellableStatuses,
    unexpectedRead,
  } = cancelResults(kind)

  describe('a response with the job', () => {
    it('that is cancelled results in CANCELLED', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: respondWithStatus(statuses.cancelled),
        read: unexpectedRead,
      })
      expect(result).toMatchObject(success('CANCELLED', job('CANCELLED', statuses.cancelled)))
      expect(requests).toEqual([kind.cancelCall])
    })

    it.each(Object.entries(statuses.live))('that is still %s results in CANCELLING', async (vendorStatus, status) => {
      const { result, requests } = await cancel(kind, { cancel: respondWithStatus(vendorStatus), read: unexpectedRead })
      expect(result).toMatchObject(success('CANCELLING', job(status, vendorStatus)))
      expect(requests).toEqual([kind.cancelCall])
    })

    it.each(Object.entries(statuses.terminal))(
      'that is %s results in JobNotCancellableError',
      async (vendorStatus, status) => {
        const { result, requests } = await cancel(kind, {
          cancel: respondWithStatus(vendorStatus),
          read: unexpectedRead,
        })
        expect(result).toMatchObject(notCancellable(job(status, vendorStatus)))
        expect(requests).toEqual([kind.cancelCall])
      },
    )

    it('with an unknown status keeps that status', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: respondWithStatus('Hibernating'),
        read: unexpectedRead,
      })
      expect(result).toMatchObject(success('CANCELLING', job('UNKNOWN', 'Hibernating')))
      expect(requests).toEqual([kind.cancelCall])
    })
  })

  describe('a 404 for an unknown job', () => {
    it.each([
      ['JSON', json(404, { status: 404, message: 'Not found' })],
      ['HTML', text(404, '<html>raw-body-marker</html>', { 'content-type': 'text/html' })],
      ['nothing', text(404, '')],
    ])('results in JobNotFoundError without a read, whatever its body: %s', async (_what, script) => {
      const { response, result, requests } = await cancel(kind, { cancel: script, read: unexpectedRead })
      expect(result).toMatchObject(NOT_FOUND)
      expect(response.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall])
    })
  })

  describe.each([400, 409, 422])('a rejection with %i', (status) => {
    const rejection = json(status, { status, message: 'Not in this state.' })

    it('results in ALREADY_CANCELLED when the job is cancelled', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: rejection,
        read: respondWithStatus(statuses.cancelled),
      })
      expect(result).toMatchObject(success('ALREADY_CANCELLED', job('CANCELLED', statuses.cancelled)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(Object.entries(statuses.terminal))(
      'results in JobNotCancellableError with the job when it is %s',
      async (vendorStatus, status) => {
        const { result, requests } = await cancel(kind, { cancel: rejection, read: respondWithStatus(vendorStatus) })
        expect(result).toMatchObject(notCancellable(job(status, vendorStatus)))
        expect(requests).toEqual([kind.cancelCall, kind.readCall])
      },
    )

    it.each(statuses.cancelling)('results in CANCELLING when the job is already %s', async (vendorStatus) => {
      const { result, requests } = await cancel(kind, { cancel: rejection, read: respondWithStatus(vendorStatus) })
      expect(result).toMatchObject(success('CANCELLING', job('CANCELLING', vendorStatus)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(cancellableStatuses)(
      'results in VendorError with the vendor message when the job is %s',
      async (vendorStatus) => {
        const { result, requests } = await cancel(kind, { cancel: rejection, read: respondWithStatus(vendorStatus) })
        expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
        expect(requests).toEqual([kind.cancelCall, kind.readCall])
      },
    )

    it('results in JobNotFoundError when the read finds no job', async () => {
      const { result, requests } = await cancel(kind, { cancel: rejection, read: json(404, {}) })
      expect(result).toMatchObject(NOT_FOUND)
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each([
      ['fails', json(500, { message: 'read failed' })],
      ['is not allowed', json(403, { message: 'read failed' })],
      ['is rejected', json(400, { message: 'read failed' })],
      ['gets no response', resetConnection],
      ['gets HTML', text(200, '<html>out of order</html>')],
      ['gets another job', json(200, { id: 'another', status: statuses.cancelled })],
    ])('results in VendorError with the vendor message when the read %s', async (_how, read) => {
      const { result, requests } = await cancel(kind, { cancel: rejection, read })
      expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('results in VendorError with the vendor message when the read times out', async () => {
      const { result, requests } = await cancel(kind, { cancel: rejection, read: hang, settings: SHORT })
      expect(result).toMatchObject(vendorError('VENDOR_REJECTED', { vendorMessage: 'Not in this state.' }))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })
  })

  describe('an error that is unrelated to the job', () => {
    it.each([401, 403])('results in VENDOR_UNAUTHORIZED with %i', async (status) => {
      const { result, requests } = await cancel(kind, {
        cancel: json(status, { status, message: 'No.' }),
        read: unexpectedRead,
      })
      expect(result).toMatchObject(vendorError('VENDOR_UNAUTHORIZED', { vendorMessage: 'No.' }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('passes on Retry-After with 429', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: json(429, {}, { 'retry-after': '17' }),
        read: unexpectedRead,
      })
      expect(result).toMatchObject(vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds: 17 }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('has no retryAfterSeconds with 429 alone', async () => {
      const { result, requests } = await cancel(kind, { cancel: text(429, ''), read: unexpectedRead })
      expect(result).toMatchObject(vendorError('VENDOR_RATE_LIMITED', { retryAfterSeconds: null, vendorMessage: null }))
      expect(requests).toEqual([kind.cancelCall])
    })

    it('says that nothing was sent when the connection is refused', async () => {
      const gateway = openGateway([kind.connect(CLOSED_PORT, {}, {})])
      closeAfterTest(gateway.close)
      const { result } = await sendCancel(gateway, kind)
      expect(result).toMatchObject(vendorError('VENDOR_UNAVAILABLE'))
      expect(result.message).toMatch(/nothing was sent/)
      expect(result.message).not.toMatch(/unknown/)
    })
  })
})
