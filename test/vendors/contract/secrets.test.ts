import { describe, expect, it } from 'vitest'
import { API_KEY, json, text, type Script } from '../../support/scripted-vendor.js'
import { CANCELLABLE_KINDS, type CancellableKind } from '../../support/cancellable-kinds.js'
import { cancel, openVendor, readJob, sendCancel } from '../../support/cancel.js'
import { cancelResults } from '../../support/cancel-results.js'

describe.each(CANCELLABLE_KINDS)('cancelling a job of the type $type', (kind) => {
  const { unexpectedRead } = cancelResults(kind)

  describe('responses and logs', () => {
    const leaky = {
      message: `The key ${API_KEY} is odd.\n\tat com.vendor.Secret.look(Secret.java:1)`,
      detail: `raw-body-marker ${API_KEY}`,
      incidentId: `INC-${API_KEY}`,
      stackTrace: 'at com.vendor.Secret.look(Secret.java:1)',
      rootCauseStackTrace: ['at com.vendor.Secret.look(Secret.java:1)'],
      headers: kind.credential,
    }
    const statuses = [200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]

    it.each(statuses)('contain no credential and no other secret from a JSON response with %i', async (status) => {
      await expectNoSecrets(kind, json(status, leaky, { location: `/login?key=${API_KEY}` }))
    })

    it.each(statuses)('contain no credential and no other secret from an HTML response with %i', async (status) => {
      await expectNoSecrets(
        kind,
        text(status, `<html>raw-body-marker ${API_KEY}<pre>at com.vendor.Secret.look</pre></html>`),
      )
    })

    it('contain the vendor message with the credential redacted', async () => {
      const { result } = await cancel(kind, { cancel: json(403, leaky), read: unexpectedRead })
      expect(result.vendorMessage).toBe('The key [secret] is odd.')
    })

    it('truncate a long vendor message', async () => {
      const { result } = await cancel(kind, {
        cancel: json(403, { message: 'x'.repeat(100_000) }),
        read: unexpectedRead,
      })
      expect(result.vendorMessage?.length).toBeLessThan(1000)
      expect(result.vendorMessage).toMatch(/^x+…$/)
    })
  })
})

/** Responds to a cancel and to a read by the script. */
async function expectNoSecrets(kind: CancellableKind, script: Script): Promise<void> {
  const { vendor, gateway } = await openVendor(kind)
  vendor.answer(script)
  const { response } = await sendCancel(gateway, kind)
  const read = await readJob(gateway, kind)
  expect(vendor.requests.length).toBeGreaterThanOrEqual(2)
  for (const output of [response.text, read.text, JSON.stringify(gateway.lines)]) {
    expect(output).not.toContain(API_KEY)
    expect(output).not.toContain('com.vendor')
    expect(output).not.toContain('raw-body-marker')
  }
}
