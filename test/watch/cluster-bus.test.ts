import { expect, it, vi } from 'vitest'
import { SINGLE_INSTANCE } from '../../src/watch/cluster-bus.js'

it('a single instance leads every job at once and receives no messages', async () => {
  const onLeaderChange = vi.fn<(isLeader: boolean) => void>()
  const listener = { onMessage: vi.fn(), onGap: vi.fn() }
  SINGLE_INSTANCE.subscribe(listener)
  const release = SINGLE_INSTANCE.acquireLeadership('job', onLeaderChange)
  expect(onLeaderChange.mock.calls).toEqual([[true]])
  SINGLE_INSTANCE.publish({ kind: 'changed', job: 'job' })
  release()
  release()
  await SINGLE_INSTANCE.close()
  expect(onLeaderChange).toHaveBeenCalledTimes(1)
  expect(listener.onMessage).not.toHaveBeenCalled()
  expect(listener.onGap).not.toHaveBeenCalled()
})
