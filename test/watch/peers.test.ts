import { expect, it, vi } from 'vitest'
import { NO_PEERS } from '../../src/watch/peers.js'

it('an instance without others leads every job at once, for as long as it likes, and hears nothing', async () => {
  const onLead = vi.fn<(isLeader: boolean) => void>()
  const listener = { onMessage: vi.fn(), onGap: vi.fn() }
  NO_PEERS.listen(listener)
  const resign = NO_PEERS.campaign('job', onLead)
  expect(onLead.mock.calls).toEqual([[true]])
  NO_PEERS.tell({ kind: 'wake', job: 'job' })
  resign()
  resign()
  await NO_PEERS.close()
  expect(onLead).toHaveBeenCalledTimes(1)
  expect(listener.onMessage).not.toHaveBeenCalled()
  expect(listener.onGap).not.toHaveBeenCalled()
})
