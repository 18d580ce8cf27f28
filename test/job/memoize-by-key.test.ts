import { expect, it, vi } from 'vitest'
import { memoizeByKey } from '../../src/job/memoize-by-key.js'

it('does the work once per key, and reports its start', async () => {
  const work = vi.fn((id: string) => Promise.resolve(`did ${id}`))
  const onBegin = vi.fn<(id: string, result: Promise<string>) => void>()
  const once = memoizeByKey((id: string) => id.toLowerCase(), work, onBegin)
  const answers = [once('a'), once('A'), once('b'), once('a')]
  expect(onBegin.mock.calls.map(([id]) => id)).toEqual(['a', 'b'])
  expect(await Promise.all(answers)).toEqual(['did a', 'did a', 'did b', 'did a'])
  expect(await once('A')).toBe('did a')
  expect(work.mock.calls).toEqual([['a'], ['b']])
  expect(await onBegin.mock.calls[0]![1]).toBe('did a')
  expect(onBegin).toHaveBeenCalledTimes(2)
})

it('does not retry failed work', async () => {
  const work = vi.fn(() => Promise.reject(new Error('refused')))
  const once = memoizeByKey(
    (id: string) => id,
    work,
    (_id, result) => void result.catch(() => {}),
  )
  await expect(once('a')).rejects.toThrow('refused')
  await expect(once('a')).rejects.toThrow('refused')
  expect(work).toHaveBeenCalledTimes(1)
})
