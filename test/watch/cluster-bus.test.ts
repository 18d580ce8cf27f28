import { expect, it, vi } from 'vitest'
import { SINGLE_INSTANCE } from '../../src/watch/cluster-bus.js'

it('an instance without others leads every job at once, for as long as it likes, and hears nothing', async () => {
  const onLead = vi.fn<(isLeader: boolean) => void>()
  const listener = { onMessage: vi.fn(), onGap: vi.fn() }
  SINGLE_INSTANCE.subscribe(listener)
  const resign = SINGLE_INSTANCE.acquireLeadership('job', onLead)
  expect(onLead.mock.calls).toEqual([[true]])
  SINGLE_INSTANCE.publish({ kind: 'changed', job: 'job' })
  resign()
  resign()
  await SINGLE_INSTANCE.close()
  expect(onLead).toHaveBeenCalledTimes(1)
  expect(listener.onMessage).not.toHaveBeenCalled()
  expect(listener.onGap).not.toHaveBeenCalled()
})
