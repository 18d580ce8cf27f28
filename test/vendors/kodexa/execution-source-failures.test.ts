import { describe, expect, it } from 'vitest'
import { byRoute, json, type Script } from '../../support/scripted-vendor.js'
import { executionIds, load, openExecutionLoaders } from '../../support/execution-loader.js'
import { batching, instance, pageOf, useKodexaInstance } from '../../support/kodexa-instance.js'

const kodexa = useKodexaInstance()

describe('executions by their ids', () => {
  describe('when the vendor fails', () => {
    /** Responds by the script to lists that contain this id; single gets of every execution succeed. */
    const failingFor = (id: string, script: Script) =>
      instance(executionIds(150), (ids) => (ids.includes(id) ? script : pageOf(ids)))
    const DOWN = json(500, {})

    it('fail together with their list, while other lists succeed', async () => {
      const ids = executionIds(150)
      const lists = failingFor('exe-60', DOWN)
      kodexa.respondWith((request, response) => {
        const isBroken = /exe-(5[1-9]|[6-9]\d|100)$/.test(request.url!)
        ;(isBroken ? DOWN : lists)(request, response)
      })
      const results = await load(openExecutionLoaders(kodexa.url())(), ids)
      expect(results.slice(0, 50)).toEqual(ids.slice(0, 50))
      expect(new Set(results.slice(50, 100))).toEqual(new Set(['VENDOR_UNAVAILABLE']))
      expect(results.slice(100)).toEqual(ids.slice(100))
      expect(kodexa.singleGets().length).toBeLessThanOrEqual(1)
    })

    it('are read by lists again once the vendor has recovered', async () => {
      kodexa.respondWith(DOWN)
      const request = openExecutionLoaders(kodexa.url())
      expect(await load(request(), executionIds(2))).toEqual(['VENDOR_UNAVAILABLE', 'VENDOR_UNAVAILABLE'])
      kodexa.respondWith(batching(executionIds(2)))
      const before = kodexa.singleGets().length
      expect(await load(request(), executionIds(2))).toEqual(executionIds(2))
      expect(kodexa.singleGets()).toHaveLength(before)
    })

    it('are read by single gets when the instance responds with 500 to the filter', async () => {
      kodexa.respondWith(instance(executionIds(5), () => DOWN))
      const request = openExecutionLoaders(kodexa.url())
      expect(await load(request(), executionIds(5))).toEqual(executionIds(5))
      expect(new Set(kodexa.singleGets())).toEqual(new Set(executionIds(5).map((id) => `GET /api/executions/${id}`)))
      expect(kodexa.singleGets()).toHaveLength(5)
      const requested = kodexa.listRequests().length
      expect(await load(request(), executionIds(5))).toEqual(executionIds(5))
      expect(kodexa.listRequests()).toHaveLength(requested)
    })

    it('are still read by lists after one failure when lists had worked before', async () => {
      kodexa.respondWith(batching(executionIds(4)))
      const request = openExecutionLoaders(kodexa.url())
      await load(request(), executionIds(4))
      kodexa.respondWith(instance(executionIds(4), () => DOWN))
      await load(request(), executionIds(4))
      kodexa.respondWith(batching(executionIds(4)))
      const before = kodexa.singleGets().length
      expect(await load(request(), executionIds(4))).toEqual(executionIds(4))
      expect(kodexa.singleGets()).toHaveLength(before)
    })

    it.each([
      [401, 'VENDOR_UNAUTHORIZED'],
      [429, 'VENDOR_RATE_LIMITED'],
    ])('are not read by single gets after a %d', async (status, code) => {
      kodexa.respondWith(failingFor('exe-1', json(status, {})))
      expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(2))).toEqual([code, code])
      expect(kodexa.singleGets()).toEqual([])
    })

    it('fail individually when they are read by single gets', async () => {
      kodexa.respondWith(
        byRoute({
          'GET /api/executions': json(400, {}),
          'GET /api/executions/exe-2': json(500, {}),
          'GET /api/executions/exe-3': json(200, { id: 'another' }),
          'GET /api/executions/exe-1': json(200, { id: 'exe-1' }),
        }),
      )
      const results = await load(openExecutionLoaders(kodexa.url())(), executionIds(4))
      expect(results).toEqual(['exe-1', 'VENDOR_UNAVAILABLE', 'VENDOR_BAD_RESPONSE', null])
    })
  })
})
