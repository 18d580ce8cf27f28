import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../src/job/log.js'
import { createNormaliser } from '../../../src/vendors/cortex/normalise/index.js'
import { createRecordSource } from '../../../src/vendors/cortex/record-source.js'
import { runCount } from '../../support/run-count.js'
import {
  clientOf,
  EMPTY_COLLECTION,
  idsUpTo,
  namesOf,
  record,
  type ListedCollection,
} from '../../support/listed-collection.js'

describe('records of any collection with any list behaviour', () => {
  const collections: fc.Arbitrary<ListedCollection> = fc.record({
    ids: fc
      .integer({ min: 0, max: 400 })
      .chain((size) => fc.shuffledSubarray(idsUpTo(size), { minLength: size, maxLength: size })),
    maxTake: fc.option(fc.integer({ min: 1, max: 120 })),
    sendsTotal: fc.boolean(),
    sendsTake: fc.boolean(),
    fault: fc.constantFrom(
      'none',
      'none',
      'none',
      'same page always',
      'all on one page',
      'rows shift',
      'invalid rows',
      'unrelated rows',
      'no list',
    ),
  })
  /** The position in the list, 0 to 1, or null for an unknown id. */
  const positions = fc.array(fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), {
    minLength: 1,
    maxLength: 80,
  })

  it('are each found, with at most one call more than single gets need', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        collections,
        fc.array(positions, { minLength: 1, maxLength: 4 }),
        async (collection, batches) => {
          const source = createRecordSource(createNormaliser(silentLog))
          for (const batch of batches) {
            const ids = batch.map((position, index) =>
              position === null || collection.ids.length === 0
                ? `gone_${index}`
                : collection.ids[Math.floor(position * collection.ids.length)]!,
            )
            const requested = [...new Set(ids)].map((id) => record(id))
            const { client, calls } = clientOf(collection)
            const results = await source.read(client, requested, (address, { item }) => {
              expect(address).toEqual({ appId: 'c', collectionId: 'col_1', recordId: item?.vendorId })
            })
            expect(namesOf(results)).toEqual(
              requested.map(({ address: { recordId } }) =>
                collection.ids.includes(recordId) ? `the name of ${recordId}` : null,
              ),
            )
            expect(calls.length).toBeLessThanOrEqual(requested.length + 1)
            // No call is repeated.
            expect(new Set(calls).size).toBe(calls.length)
          }
        },
      ),
      { numRuns: runCount(2500) },
    )
  })

  it('cost one call when one page of the list contains all of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(idsUpTo(100), { minLength: 2 }), fc.boolean(), async (ids, sendsHeaders) => {
        const source = createRecordSource(createNormaliser(silentLog))
        const { client, calls } = clientOf({
          ...EMPTY_COLLECTION,
          ids: idsUpTo(100).reverse(),
          sendsTotal: sendsHeaders,
          sendsTake: sendsHeaders,
        })
        await source.read(
          client,
          ids.map((id) => record(id)),
          () => {},
        )
        expect(calls).toEqual(['list 1'])
      }),
    )
  })
})
