import { describe, expect, it } from 'vitest'
import { json, type Script } from '../../support/scripted-vendor.js'
import { executionIds, load, openExecutionLoaders } from '../../support/execution-loader.js'
import { batching, idsIn, instance, pageOf, rejecting, useKodexaInstance } from '../../support/kodexa-instance.js'

const kodexa = useKodexaInstance()
const HOUR = 60 * 60 * 1000

describe('executions by their ids', () => {
  describe('of an instance that rejects filters by id', () => {
    it('are read by single gets', async () => {
      const ids = executionIds(60)
      kodexa.respondWith(rejecting(ids.slice(1)))
      expect(await load(openExecutionLoaders(kodexa.url())(), ids)).toEqual([null, ...ids.slice(1)])
      expect(new Set(kodexa.singleGets())).toEqual(new Set(ids.map((id) => `GET /api/executions/${id}`)))
      expect(kodexa.singleGets()).toHaveLength(60)
    })

    it('are read concurrently', async () => {
      const waiting: (() => void)[] = []
      // Responds to none before all five were requested.
      kodexa.respondWith((request, response) => {
        if (request.url!.includes('?')) return json(400, {})(request, response)
        waiting.push(() => json(200, { id: request.url!.split('/').at(-1) })(request, response))
        if (waiting.length === 5) for (const respond of waiting) respond()
      })
      expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(5))).toEqual(executionIds(5))
    })

    it('are read by single gets in all later requests, without another list', async () => {
      kodexa.respondWith(rejecting(executionIds(3)))
      const request = openExecutionLoaders(kodexa.url())
      await load(request(), executionIds(3))
      const requested = kodexa.listRequests().length
      expect(await load(request(), executionIds(3))).toEqual(executionIds(3))
      expect(kodexa.listRequests()).toHaveLength(requested)
      expect(kodexa.singleGets()).toHaveLength(6)
    })

    it('are requested in both list styles before the instance counts as unsupported', async () => {
      kodexa.respondWith(rejecting(executionIds(2)))
      await load(openExecutionLoaders(kodexa.url())(), executionIds(2))
      const filters = kodexa.listRequests().map((request) => kodexa.queryOf(request).get('filter'))
      expect(filters).toEqual(["id in ('exe-1','exe-2')", "id in ['exe-1','exe-2']"])
    })

    it('are tried by list once, however many are requested', async () => {
      kodexa.respondWith(rejecting(executionIds(100)))
      expect(await load(openExecutionLoaders(kodexa.url())(), executionIds(100))).toEqual(executionIds(100))
      expect(kodexa.listRequests()).toHaveLength(2)
      expect(kodexa.singleGets()).toHaveLength(100)
    })

    it('are requested by list again after an hour, but not earlier', async () => {
      let time = 0
      kodexa.respondWith(rejecting(executionIds(2)))
      const request = openExecutionLoaders(kodexa.url(), { now: () => time })
      await load(request(), executionIds(2))
      time = HOUR - 1
      await load(request(), executionIds(2))
      expect(kodexa.listRequests()).toHaveLength(2)
      time = HOUR
      await load(request(), executionIds(2))
      expect(kodexa.listRequests()).toHaveLength(4)
      time = 2 * HOUR - 1
      await load(request(), executionIds(2))
      expect(kodexa.listRequests()).toHaveLength(4)
    })

    it('are read by lists for good once the instance supports them', async () => {
      let time = 0
      kodexa.respondWith(rejecting(executionIds(2)))
      const request = openExecutionLoaders(kodexa.url(), { now: () => time })
      await load(request(), executionIds(2))
      expect(kodexa.singleGets()).toHaveLength(2)
      kodexa.respondWith(batching(executionIds(2)))
      for (time = HOUR; time < HOUR + 3; time++) expect(await load(request(), executionIds(2))).toEqual(executionIds(2))
      expect(kodexa.listRequests()).toHaveLength(2 + 3)
      expect(kodexa.singleGets()).toHaveLength(2)
    })
  })

  describe('of an instance that supports lists in brackets only', () => {
    const byBrackets: Script = (request, response) => {
      const filter = new URL(request.url!, kodexa.url()).searchParams.get('filter')!
      const script = filter.includes('[') ? pageOf(idsIn(new URLSearchParams({ filter }))) : json(400, {})
      script(request, response)
    }

    it('are read by such lists, and by no other style from then on', async () => {
      kodexa.respondWith(byBrackets)
      const request = openExecutionLoaders(kodexa.url())
      expect(await load(request(), executionIds(100))).toEqual(executionIds(100))
      expect(kodexa.listRequests()).toHaveLength(1 + 2)
      expect(await load(request(), executionIds(100))).toEqual(executionIds(100))
      expect(kodexa.listRequests()).toHaveLength(1 + 2 + 2)
      expect(kodexa.singleGets()).toEqual([])
    })
  })

  describe('of an instance that ignores the filter', () => {
    it('are read by single gets, and never taken from unrelated rows', async () => {
      kodexa.respondWith(instance(executionIds(3), () => pageOf(['stranger-1', 'exe-1', 'stranger-2'])))
      const request = openExecutionLoaders(kodexa.url())
      expect(await load(request(), executionIds(4))).toEqual(['exe-1', 'exe-2', 'exe-3', null])
      expect(kodexa.singleGets()).toHaveLength(4)
      const requested = kodexa.listRequests().length
      expect(await load(request(), executionIds(2))).toEqual(['exe-1', 'exe-2'])
      expect(kodexa.listRequests()).toHaveLength(requested)
    })
  })

  describe('of an instance that returns no rows for the filter', () => {
    it('are read by single gets as long as no list ever returned a row', async () => {
      kodexa.respondWith(instance(executionIds(3), () => pageOf([])))
      const request = openExecutionLoaders(kodexa.url())
      for (let round = 1; round <= 4; round++) {
        expect(await load(request(), executionIds(4))).toEqual(['exe-1', 'exe-2', 'exe-3', null])
        expect(kodexa.singleGets()).toHaveLength(4 * round)
      }
      expect(kodexa.listRequests().length).toBeLessThanOrEqual(2)
    })

    it('count as unknown once a list has returned rows', async () => {
      kodexa.respondWith(batching(['exe-1']))
      const request = openExecutionLoaders(kodexa.url())
      await load(request(), executionIds(2))
      expect(await load(request(), ['exe-8', 'exe-9'])).toEqual([null, null])
      expect(kodexa.listRequests()).toHaveLength(2)
      expect(kodexa.singleGets()).toEqual([])
    })

    it('may all be unknown, which does not mark filters as unsupported', async () => {
      kodexa.respondWith(batching(executionIds(2)))
      const request = openExecutionLoaders(kodexa.url())
      expect(await load(request(), ['exe-8', 'exe-9'])).toEqual([null, null])
      expect(await load(request(), executionIds(2))).toEqual(executionIds(2))
      expect(kodexa.listRequests()).toHaveLength(2)
      expect(kodexa.singleGets()).toHaveLength(2)
    })
  })
})
