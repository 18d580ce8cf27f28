import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createListHitRate, type ListHitRate } from '../../../src/vendors/cortex/list-hit-rate.js'

const MINUTE = 60_000

let passedMs = 0

beforeEach(() => {
  passedMs = 0
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passedMs)
})
afterEach(() => void vi.restoreAllMocks())

/** Lets time pass. What is kept looks at its clock once a millisecond. */
async function pass(ms: number): Promise<void> {
  passedMs += ms
  await delay(5)
}

const ALL_BUT_ONE = 49

/** A place where looks found so many of so many. */
function after(...looks: readonly (readonly [wanted: number, found: number])[]): ListHitRate {
  const listYield = createListHitRate()
  for (const [wanted, found] of looks) listYield.record('here', wanted, found)
  return listYield
}

const nothing = (times: number) => Array.from({ length: times }, () => [10, 0] as const)
const everything = (times: number) => Array.from({ length: times }, () => [10, 10] as const)

describe('the list of a place', () => {
  it('is worth a look where nobody has looked, for two jobs and more', () => {
    expect(createListHitRate().shouldList('here', 2)).toBe(true)
    expect(createListHitRate().shouldList('here', 1)).toBe(false)
  })

  it('is worth a look where it has had what was wanted', () => {
    expect(after(...everything(3)).shouldList('here', 2)).toBe(true)
  })

  it('is not worth one where it has had nothing for some looks', () => {
    expect(after(...nothing(5)).shouldList('here', 10)).toBe(false)
  })

  it('is given up slowly, and comes back as slowly', () => {
    expect(after(...everything(5), [10, 0]).shouldList('here', 10)).toBe(true)
    expect(after(...nothing(8), ...everything(4)).shouldList('here', 10)).toBe(true)
  })

  it('may be worth one for many jobs where it is not for some', () => {
    const listYield = after(...Array.from({ length: 9 }, () => [10, 1] as const))
    expect(listYield.shouldList('here', 4)).toBe(false)
    expect(listYield.shouldList('here', 60)).toBe(true)
  })

  it('is not given up for one look at two that are unknown', () => {
    expect(after([2, 0]).shouldList('here', 2)).toBe(true)
  })

  it('counts a look for many jobs for more than one for few', () => {
    expect(after([2, 0], [60, 60]).shouldList('here', 2)).toBe(true)
    expect(after([2, 2], [60, 0]).shouldList('here', 4)).toBe(false)
  })

  it('stays worth one for many jobs, however often two were unknown', () => {
    const listYield = createListHitRate()
    for (let looks = 0; listYield.shouldList('here', 2); looks++) {
      expect(looks).toBeLessThan(10)
      listYield.record('here', 2, 0)
      expect(listYield.shouldList('here', 60)).toBe(true)
    }
    expect(listYield.shouldList('here', 60)).toBe(true)
  })

  it('says nothing of other places', () => {
    const listYield = after(...nothing(9))
    listYield.disable('here')
    expect(listYield.shouldList('there', 2)).toBe(true)
  })

  it('is worth another look once so many single gets have paid for it', () => {
    const listYield = after(...nothing(20))
    expect(listYield.shouldList('here', ALL_BUT_ONE)).toBe(false)
    expect(listYield.shouldList('here', 2)).toBe(false)
    expect(listYield.shouldList('here', 2)).toBe(true)
    listYield.record('here', 2, 0)
    expect(listYield.shouldList('here', 2)).toBe(false)
  })

  it('is worth every look again once another look found what was wanted', () => {
    const listYield = after(...nothing(20))
    expect(listYield.shouldList('here', 50)).toBe(false)
    expect(listYield.shouldList('here', 10)).toBe(true)
    listYield.record('here', 10, 10)
    for (let looks = 0; looks < 5; looks++) expect(listYield.shouldList('here', 10)).toBe(true)
  })

  it('is worth a look again ten minutes after the last one that anybody thought of', async () => {
    const listYield = after(...nothing(9))
    await pass(10 * MINUTE + 1000)
    expect(listYield.shouldList('here', 2)).toBe(true)
  })

  it('that fails is not looked at for ten minutes, whatever it had before and however much is wanted', async () => {
    const listYield = after(...everything(9))
    listYield.disable('here')
    for (let looks = 0; looks < 5; looks++) expect(listYield.shouldList('here', 100)).toBe(false)
    await pass(9 * MINUTE)
    expect(listYield.shouldList('here', 100)).toBe(false)
    await pass(MINUTE + 1000)
    expect(listYield.shouldList('here', 100)).toBe(true)
  })

  it('is remembered for a thousand places, not for all there ever were', () => {
    const listYield = createListHitRate()
    const places = Array.from({ length: 1500 }, (_, at) => `place ${at}`)
    for (const place of places) listYield.disable(place)
    expect(places.filter((place) => !listYield.shouldList(place, 10))).toHaveLength(1000)
  })
})
