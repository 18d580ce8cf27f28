import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createPendingMutations } from '../../src/job/pending-mutations.js'

/** Work that ends when a test says so. */
function begin() {
  let end = () => {}
  let fail: (error: Error) => void = () => {}
  const work = new Promise<string>((resolve, reject) => {
    end = () => resolve('done')
    fail = reject
  })
  return { work, end, fail }
}

/** Whether it has resolved by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  await tick()
  return Promise.race([promise.then(() => true), tick(false)])
}

describe('commitments', () => {
  it('are settled when there are none', async () => {
    expect(await isSettled(createPendingMutations().settled())).toBe(true)
  })

  it('are settled when all of them have ended, well or badly', async () => {
    const commitments = createPendingMutations()
    const [one, other] = [begin(), begin()]
    const added = commitments.track(one.work)
    commitments.track(other.work).catch(() => {})
    const settled = commitments.settled()
    expect(await isSettled(settled)).toBe(false)
    other.fail(new Error('badly'))
    expect(await isSettled(settled)).toBe(false)
    one.end()
    expect(await isSettled(settled)).toBe(true)
    expect(await added).toBe('done')
  })

  it('include those that are made while others are waited for', async () => {
    const commitments = createPendingMutations()
    const [first, second] = [begin(), begin()]
    void commitments.track(first.work)
    const settled = commitments.settled()
    void commitments.track(second.work)
    first.end()
    expect(await isSettled(settled)).toBe(false)
    second.end()
    expect(await isSettled(settled)).toBe(true)
  })

  it('may begin until their time is over once their end is waited for, and at any time before', async () => {
    const commitments = createPendingMutations()
    const [past, future] = [performance.now() - 1, performance.now() + 60_000]
    expect([commitments.mayStart(past), commitments.mayStart(future)]).toEqual([true, true])
    await commitments.settled()
    expect([commitments.mayStart(past), commitments.mayStart(future)]).toEqual([false, true])
  })

  it('hand the failure to who made them, and to nobody else', async () => {
    const commitments = createPendingMutations()
    const { work, fail } = begin()
    const added = commitments.track(work)
    fail(new Error('badly'))
    await expect(added).rejects.toThrow('badly')
    await expect(commitments.settled()).resolves.toBeUndefined()
  })
})
