import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createListYield, type ListYield } from '../../../src/vendors/cortex/list-yield.js'

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
function after(...looks: readonly (readonly [wanted: number, found: number])[]): ListYield {
  const listYield = createListYield()
  for (const [wanted, found] of looks) listYield.learn('here', wanted, found)
  return listYield
}

const nothing = (times: number) => Array.from({ length: times }, () => [10, 0] as const)
const everything = (times: number) => Array.from({ length: times }, () => [10, 10] as const)

describe('the list of a place', () => {
  it('is worth a look where nobody has looked, for two jobs and more', () => {
    expect(createListYield().isWorthALook('here', 2)).toBe(true)
    expect(createListYield().isWorthALook('here', 1)).toBe(false)
  })

  it('is worth a look where it has had what was wanted', () => {
    expect(after(...everything(3)).isWorthALook('here', 2)).toBe(true)
  })

  it('is not worth one where it has had nothing for some looks', () => {
    expect(after(...nothing(5)).isWorthALook('here', 10)).toBe(false)
  })

  it('is given up slowly, and comes back as slowly', () => {
    expect(after(...everything(5), [10, 0]).isWorthALook('here', 10)).toBe(true)
    expect(after(...nothing(8), ...everything(4)).isWorthALook('here', 10)).toBe(true)
  })

  it('may be worth one for many jobs where it is not for some', () => {
    const listYield = after(...Array.from({ length: 9 }, () => [10, 1] as const))
    expect(listYield.isWorthALook('here', 4)).toBe(false)
    expect(listYield.isWorthALook('here', 60)).toBe(true)
  })

  it('is not given up for one look at two that are unknown', () => {
    expect(after([2, 0]).isWorthALook('here', 2)).toBe(true)
  })

  it('counts a look for many jobs for more than one for few', () => {
    expect(after([2, 0], [60, 60]).isWorthALook('here', 2)).toBe(true)
    expect(after([2, 2], [60, 0]).isWorthALook('here', 4)).toBe(false)
  })

  it('stays worth one for many jobs, however often two were unknown', () => {
    const listYield = createListYield()
    for (let looks = 0; listYield.isWorthALook('here', 2); looks++) {
      expect(looks).toBeLessThan(10)
      listYield.learn('here', 2, 0)
      expect(listYield.isWorthALook('here', 60)).toBe(true)
    }
    expect(listYield.isWorthALook('here', 60)).toBe(true)
  })

  it('says nothing of other places', () => {
    const listYield = after(...nothing(9))
    listYield.giveUp('here')
    expect(listYield.isWorthALook('there', 2)).toBe(true)
  })

  it('is worth another look once so many single gets have paid for it', () => {
    const listYield = after(...nothing(20))
    expect(listYield.isWorthALook('here', ALL_BUT_ONE)).toBe(false)
    expect(listYield.isWorthALook('here', 2)).toBe(false)
    expect(listYield.isWorthALook('here', 2)).toBe(true)
    listYield.learn('here', 2, 0)
    expect(listYield.isWorthALook('here', 2)).toBe(false)
  })

  it('is worth every look again once another look found what was wanted', () => {
    const listYield = after(...nothing(20))
    expect(listYield.isWorthALook('here', 50)).toBe(false)
    expect(listYield.isWorthALook('here', 10)).toBe(true)
    listYield.learn('here', 10, 10)
    for (let looks = 0; looks < 5; looks++) expect(listYield.isWorthALook('here', 10)).toBe(true)
  })

  it('is worth a look again ten minutes after the last one that anybody thought of', async () => {
    const listYield = after(...nothing(9))
    await pass(10 * MINUTE + 1000)
    expect(listYield.isWorthALook('here', 2)).toBe(true)
  })

  it('that fails is not looked at for ten minutes, whatever it had before and however much is wanted', async () => {
    const listYield = after(...everything(9))
    listYield.giveUp('here')
    for (let looks = 0; looks < 5; looks++) expect(listYield.isWorthALook('here', 100)).toBe(false)
    await pass(9 * MINUTE)
    expect(listYield.isWorthALook('here', 100)).toBe(false)
    await pass(MINUTE + 1000)
    expect(listYield.isWorthALook('here', 100)).toBe(true)
  })

  it('is remembered for a thousand places, not for all there ever were', () => {
    const listYield = createListYield()
    const places = Array.from({ length: 1500 }, (_, at) => `place ${at}`)
    for (const place of places) listYield.giveUp(place)
    expect(places.filter((place) => !listYield.isWorthALook(place, 10))).toHaveLength(1000)
  })
})
