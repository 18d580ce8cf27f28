import { describe, expect, test } from 'vitest'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import type { KodexaSandbox } from '../../../src/sandbox/kodexa/index.js'
import type { WireStatusMessage } from '../../../src/vendors/kodexa/wire.js'
import { START, cancel, send, useKodexaSandboxes } from '../../support/kodexa-sandbox.js'

const DAY = 24 * 60 * 60_000

const { clock, start } = useKodexaSandboxes()

describe('status messages', () => {
  test('are at most ten, oldest first', async () => {
    const messages = await statusMessages(await start(), DOCUMENTED_IDS.succeeded)
    const dates = messages.map(({ datetime }) => String(datetime))
    expect(messages).toHaveLength(10)
    expect(dates).toEqual(dates.toSorted())
    expect(messages.at(-1)).toMatchObject({ executionId: DOCUMENTED_IDS.succeeded, title: 'Done' })
    expect(new Set(messages.map(({ id }) => id)).size).toBe(10)
  })

  test('are absent before the execution starts', async () => {
    expect(await statusMessages(await start(), DOCUMENTED_IDS.pendingForDays)).toEqual([])
  })

  test('grow while an execution runs, and show a cancel', async () => {
    const sandbox = await start()
    const early = await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)
    clock.now = START + DAY
    const late = await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(late.length).toBeGreaterThan(early.length)
    expect(late.slice(0, early.length)).toEqual(early)
    await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect((await statusMessages(sandbox, DOCUMENTED_IDS.runningForDays)).at(-1)).toMatchObject({
      title: 'Asked to stop',
    })
  })
})

async function statusMessages(sandbox: KodexaSandbox, id: string): Promise<readonly WireStatusMessage[]> {
  return (await send<WireStatusMessage[]>(sandbox, 'GET', `/api/executions/${id}/status-messages`)).body
}
