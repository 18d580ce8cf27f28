import { describe, expect, it } from 'vitest'
import { Secret } from '../src/job/secret.js'
import { closeAfterTest } from './support/close-after-test.js'
import { openGateway } from './support/gateway.js'
import { leakyOperations } from './support/leaky-operations.js'
import { startLeakyVendor } from './support/leaky-vendor.js'
import { missingParts } from './support/missing-parts.js'
import { plantSecrets } from './support/planted-secrets.js'
import { cortexAt, kodexaAt } from './support/scripted-vendor.js'

describe('secrets', { timeout: 120_000 }, () => {
  it('never appear in the reports or responses of an embedded gateway', async () => {
    const secrets = plantSecrets()
    const vendor = await startLeakyVendor(secrets.vendorResponse)
    const url = new URL(vendor.url)
    const settings = { timeoutMs: 100 }
    const { gateway, query, lines, close } = openGateway((log) => [
      cortexAt(
        url,
        {
          ...settings,
          apiKey: new Secret(secrets.vendor.cortexKey),
          headers: { 'x-proxy-secret': new Secret(secrets.vendor.cortexHeader) },
        },
        { log },
      ),
      kodexaAt(
        url,
        {
          ...settings,
          apiKey: new Secret(secrets.vendor.kodexaKey),
          headers: { 'x-proxy-secret': new Secret(secrets.vendor.kodexaHeader) },
        },
        { log },
      ),
    ])
    closeAfterTest(close, vendor.close)
    const headers = { 'x-upstream-trace': '1', cookie: secrets.caller.cookie }
    const responses: object[] = []
    for (const mode of ['echo500', 'base64only400', 'malformed', 'hang', 'fine'])
      for (const operation of leakyOperations(mode))
        responses.push(await query(operation.query, operation.variables, { headers }))
    const reports = [gateway.usage(), gateway.watching(), lines]
    expect(secrets.leaksIn('log', JSON.stringify(reports))).toEqual([])
    expect(secrets.leaksIn('answer', JSON.stringify(responses))).toEqual([])
    expect(
      missingParts(JSON.stringify([reports, responses]), [
        '"calls":',
        '"audit":"cancel"',
        '[secret]',
        secrets.vendorResponse.message,
      ]),
    ).toEqual([])
  })
})
