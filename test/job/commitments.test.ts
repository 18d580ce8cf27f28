import { setImmediate as tick } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createCommitments } from '../../src/job/commitments.js'

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
    expect(await isSettled(createCommitments().settled())).toBe(true)
  })

  it('are settled when all of them have ended, well or badly', async () => {
    const commitments = createCommitments()
    const [one, other] = [begin(), begin()]
    const added = commitments.add(one.work)
    commitments.add(other.work).catch(() => {})
    const settled = commitments.settled()
    expect(await isSettled(settled)).toBe(false)
    other.fail(new Error('badly'))
    expect(await isSettled(settled)).toBe(false)
    one.end()
    expect(await isSettled(settled)).toBe(true)
    expect(await added).toBe('done')
  })

  it('include those that are made while others are waited for', async () => {
    const commitments = createCommitments()
    const [first, second] = [begin(), begin()]
    void commitments.add(first.work)
    const settled = commitments.settled()
    void commitments.add(second.work)
    first.end()
    expect(await isSettled(settled)).toBe(false)
    second.end()
    expect(await isSettled(settled)).toBe(true)
  })

  it('may begin until their time is over once their end is waited for, and at any time before', async () => {
    const commitments = createCommitments()
    const [past, future] = [performance.now() - 1, performance.now() + 60_000]
    expect([commitments.mayBegin(past), commitments.mayBegin(future)]).toEqual([true, true])
    await commitments.settled()
    expect([commitments.mayBegin(past), commitments.mayBegin(future)]).toEqual([false, true])
  })

  it('hand the failure to who made them, and to nobody else', async () => {
    const commitments = createCommitments()
    const { work, fail } = begin()
    const added = commitments.add(work)
    fail(new Error('badly'))
    await expect(added).rejects.toThrow('badly')
    await expect(commitments.settled()).resolves.toBeUndefined()
  })
})
