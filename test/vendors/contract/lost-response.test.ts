import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { byRoute, hang, resetConnection, inSequence, json, text, type Script } from '../../support/scripted-vendor.js'
import { CANCELLABLE_KINDS, type TimeoutSettings } from '../../support/cancellable-kinds.js'
import { cancel, openVendor, sendCancel } from '../../support/cancel.js'
import { cancelResults } from '../../support/cancel-results.js'

/** Short enough for a test, long enough for a response from loopback. */
const SHORT = { timeoutMs: 200 }

describe.each(CANCELLABLE_KINDS)('cancelling a job of the type $type', (kind) => {
  const { statuses, respondWithStatus, job, success, notCancellable, vendorError } = cancelResults(kind)

  const emptyBody = text(200, '')
  const noContent = text(204, '')
  const lostResponses: readonly [string, Script, string, TimeoutSettings?][] = [
    ['times out', hang, 'VENDOR_TIMEOUT', SHORT],
    ['stalls after the headers', stall, 'VENDOR_TIMEOUT', SHORT],
    ['is missing because the connection closes', resetConnection, 'VENDOR_UNAVAILABLE'],
    ['is cut off when the connection closes', cutOff, 'VENDOR_UNAVAILABLE'],
    ['is a 500', json(500, { message: 'read failed' }), 'VENDOR_UNAVAILABLE'],
    [
      'is a 502 of a proxy',
      text(502, '<html>raw-body-marker</html>', { 'content-type': 'text/html' }),
      'VENDOR_UNAVAILABLE',
    ],
    ['is a 503', text(503, ''), 'VENDOR_UNAVAILABLE'],
    ['is a redirect', text(302, '', { location: '/login' }), 'VENDOR_BAD_RESPONSE'],
    ['is HTML', text(200, '<html>raw-body-marker</html>', { 'content-type': 'text/html' }), 'VENDOR_BAD_RESPONSE'],
    ['is truncated JSON', text(200, `{"id":"${kind.vendorId}","status":"raw-body-marker`), 'VENDOR_BAD_RESPONSE'],
    ['is empty', emptyBody, 'VENDOR_BAD_RESPONSE'],
    ['is a 204', noContent, 'VENDOR_BAD_RESPONSE'],
    ['is not an object', json(200, ['raw-body-marker']), 'VENDOR_BAD_RESPONSE'],
    ['has no id', json(200, { status: statuses.cancelled }), 'VENDOR_BAD_RESPONSE'],
    ['is about another job', json(200, { id: 'raw-body-marker', status: statuses.cancelled }), 'VENDOR_BAD_RESPONSE'],
    ['is not HTTP', notHttp, 'VENDOR_BAD_RESPONSE'],
  ]

  describe.each(lostResponses)('a response that %s', (_what, script, code, settings = {}) => {
    it('causes no retry; the job is read and is cancelled', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: script,
        read: respondWithStatus(statuses.cancelled),
        settings,
      })
      expect(result).toMatchObject(success('CANCELLED', job('CANCELLED', statuses.cancelled)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('causes no retry; the job is read and has ended otherwise', async () => {
      const { result, requests } = await cancel(kind, {
        cancel: script,
        read: respondWithStatus(statuses.completed),
        settings,
      })
      expect(result).toMatchObject(notCancellable(job('COMPLETED', statuses.completed)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it.each(statuses.cancelling)('causes no retry; the job is read and is %s', async (vendorStatus) => {
      const { result, requests } = await cancel(kind, {
        cancel: script,
        read: respondWithStatus(vendorStatus),
        settings,
      })
      expect(result).toMatchObject(success('CANCELLING', job('CANCELLING', vendorStatus)))
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    const isEmptySuccess = script === noContent || script === emptyBody

    it(`causes no retry; the outcome is ${isEmptySuccess ? 'CANCELLING' : 'unknown'} while the job is still running`, async () => {
      const { response, result, requests } = await cancel(kind, {
        cancel: script,
        read: respondWithStatus(statuses.running),
        settings,
      })
      if (isEmptySuccess) {
        expect(result).toMatchObject(success('CANCELLING', job('RUNNING', statuses.running)))
      } else {
        expect(result).toMatchObject(vendorError(code))
        expect(result.message).toMatch(/outcome of the cancel is unknown/)
      }
      expect(response.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })

    it('causes no retry; the outcome is unknown when the read fails as well', async () => {
      const { response, result, requests } = await cancel(kind, { cancel: script, read: script, settings })
      expect(result).toMatchObject(vendorError(code))
      expect(result.message).toMatch(/outcome of the cancel is unknown/)
      expect(response.text).not.toContain('raw-body-marker')
      expect(requests).toEqual([kind.cancelCall, kind.readCall])
    })
  })

  it('is not retried when a reused connection closes', async () => {
    const { vendor, gateway } = await openVendor(kind)
    vendor.answer(
      byRoute({
        [kind.cancelCall]: inSequence(respondWithStatus(statuses.running), resetConnection),
        [kind.readCall]: respondWithStatus(statuses.running),
      }),
    )
    await sendCancel(gateway, kind)
    const { result } = await sendCancel(gateway, kind)
    expect(result.message).toMatch(/outcome of the cancel is unknown/)
    expect(vendor.requests).toEqual([kind.cancelCall, kind.cancelCall, kind.readCall])
  })

  it('passes on Retry-After with 503, with an unknown outcome', async () => {
    const { result } = await cancel(kind, {
      cancel: text(503, '', { 'retry-after': '9' }),
      read: respondWithStatus(statuses.running),
    })
    expect(result).toMatchObject(vendorError('VENDOR_UNAVAILABLE', { retryAfterSeconds: 9 }))
  })
})

/** Starts a response and never ends it. */
function stall(_request: IncomingMessage, response: Parameters<Script>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":')
}

/** Starts a response and closes the connection. */
function cutOff(request: IncomingMessage, response: Parameters<Script>[1]): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"id":', () => request.socket.destroy())
}

function notHttp(request: IncomingMessage): void {
  request.socket.end('raw-body-marker\r\n\r\n')
}
