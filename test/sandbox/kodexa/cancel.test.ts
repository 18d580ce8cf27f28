import { describe, expect, test } from 'vitest'
import { DOCUMENTED_IDS } from '../../../src/sandbox/kodexa/executions.js'
import {
  START,
  cancel,
  list,
  listByStatus,
  read,
  stepStatuses,
  useKodexaSandboxes,
} from '../../support/kodexa-sandbox.js'

const DAY = 24 * 60 * 60_000
const UNKNOWN_ID = '00000000-0000-4000-8000-0000000000ff'
const TERMINAL = ['SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED', 'REPROCESSED']

const { clock, start } = useKodexaSandboxes()

describe('a cancel', () => {
  test('lets a running execution wind down for four seconds', async () => {
    const sandbox = await start()
    const before = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    const { status, body } = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'CANCELLING', endDate: null, updatedOn: '2026-05-04T12:00:00.000Z' })
    expect(stepStatuses(body)).toEqual(['CANCELLING', 'PENDING', 'PENDING', 'PENDING', 'PENDING'])
    expect(body.changeSequence).toBeGreaterThan(before.changeSequence ?? 0)

    clock.now = START + 3_999
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({ status: 'CANCELLING' })
    clock.now = START + 4_000
    const after = await read(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(after).toMatchObject({ status: 'CANCELLED', endDate: '2026-05-04T12:00:04.000Z' })
    expect(new Set(stepStatuses(after))).toEqual(new Set(['CANCELLED']))
    clock.now = START + 30 * DAY
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toEqual(after)
  })

  test.each(['PENDING', 'REQUESTED', 'PENDING_REPROCESSING'])(
    'of a %s execution takes effect at once',
    async (status) => {
      const sandbox = await start()
      const [waiting] = await listByStatus(sandbox, status)
      const response = await cancel(sandbox, waiting?.id ?? '')
      expect(response.status).toBe(200)
      expect(response.body).toMatchObject({ status: 'CANCELLED', endDate: '2026-05-04T12:00:00.000Z' })
    },
  )

  test('sent again during the wind-down changes nothing', async () => {
    const sandbox = await start()
    const first = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    clock.now = START + 2_000
    const second = await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    expect(second).toEqual(first)
    clock.now = START + 4_000
    expect(await read(sandbox, DOCUMENTED_IDS.runningForDays)).toMatchObject({ status: 'CANCELLED' })
  })

  test.each(TERMINAL)('of a %s execution is rejected and changes nothing', async (status) => {
    const sandbox = await start()
    const [ended] = await listByStatus(sandbox, status)
    const response = await cancel(sandbox, ended?.id ?? '')
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({ message: `Execution ${ended?.id} is ${status} and cannot be cancelled` })
    expect(await read(sandbox, ended?.id ?? '')).toEqual(ended)
  })

  test('of an unknown execution gets 404, and of an invalid id 400', async () => {
    const sandbox = await start()
    expect((await cancel(sandbox, UNKNOWN_ID)).status).toBe(404)
    expect((await cancel(sandbox, 'nonsense')).status).toBe(400)
  })

  test('changes no other execution', async () => {
    const sandbox = await start()
    await cancel(sandbox, DOCUMENTED_IDS.runningForDays)
    const { content } = await list(sandbox, 'pageSize=1000')
    expect(content?.filter(({ updatedOn }) => updatedOn === '2026-05-04T12:00:00.000Z').map(({ id }) => id)).toEqual([
      DOCUMENTED_IDS.runningForDays,
    ])
  })
})
