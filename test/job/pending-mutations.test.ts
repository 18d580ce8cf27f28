import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createPendingMutations } from '../../src/job/pending-mutations.js'

/** Work that ends when a test says so. */
function startWork() {
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

describe('pending mutations', () => {
  it('are settled when there are none', async () => {
    expect(await isSettled(createPendingMutations().settled())).toBe(true)
  })

  it('are settled when all of them have succeeded or failed', async () => {
    const mutations = createPendingMutations()
    const [one, other] = [startWork(), startWork()]
    const added = mutations.track(one.work)
    mutations.track(other.work).catch(() => {})
    const settled = mutations.settled()
    expect(await isSettled(settled)).toBe(false)
    other.fail(new Error('badly'))
    expect(await isSettled(settled)).toBe(false)
    one.end()
    expect(await isSettled(settled)).toBe(true)
    expect(await added).toBe('done')
  })

  it('include those that are tracked during the drain', async () => {
    const mutations = createPendingMutations()
    const [first, second] = [startWork(), startWork()]
    void mutations.track(first.work)
    const settled = mutations.settled()
    void mutations.track(second.work)
    first.end()
    expect(await isSettled(settled)).toBe(false)
    second.end()
    expect(await isSettled(settled)).toBe(true)
  })

  it('may start until their deadline during the drain, and at any time before', async () => {
    const mutations = createPendingMutations()
    const [past, future] = [performance.now() - 1, performance.now() + 60_000]
    expect([mutations.mayStart(past), mutations.mayStart(future)]).toEqual([true, true])
    await mutations.settled()
    expect([mutations.mayStart(past), mutations.mayStart(future)]).toEqual([false, true])
  })

  it('reject for their caller only', async () => {
    const mutations = createPendingMutations()
    const { work, fail } = startWork()
    const added = mutations.track(work)
    fail(new Error('badly'))
    await expect(added).rejects.toThrow('badly')
    await expect(mutations.settled()).resolves.toBeUndefined()
  })
})
