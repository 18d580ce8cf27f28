import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { queryData } from '../support/query-data.js'
import { json, type Script } from '../support/scripted-vendor.js'
import { openSharedGateway } from '../support/shared-gateway.js'
import { EXECUTION_QUERY, executionResponse, holdResponses } from '../support/shared-operations.js'

describe('a client that disconnects', () => {
  const LIST = '{ executions { nodes { vendorId } } }'
  const anything: Script = (request, response) =>
    (request.url!.includes('?') ? json(200, { content: [], totalElements: 0 }) : executionResponse('RUNNING'))(
      request,
      response,
    )

  it.each([
    ['a job', EXECUTION_QUERY],
    ['a list', LIST],
  ])('does not affect others that wait for the same read: %s', async (_what, source) => {
    const held = holdResponses(anything)
    const { gateway, kodexa } = await openSharedGateway({ kodexa: held.script })
    const client = new AbortController()
    const variables = { id: 'exe_1' }
    // The first caller, for which the request is sent.
    const aborted = gateway.query(source, variables, { signal: client.signal }).catch(() => 'aborted')
    await expect.poll(held.count).toBe(1)
    const remaining = [queryData(gateway, source, variables), queryData(gateway, source, variables)]
    await delay(20)
    client.abort()
    await aborted
    held.release()
    expect(await Promise.all(remaining)).toHaveLength(2)
    expect(kodexa.requests).toHaveLength(1)
  })

  it.each([
    ['a job', EXECUTION_QUERY],
    ['a list', LIST],
  ])('aborts the vendor request when no one else waits for it: %s', async (_what, source) => {
    let closed = 0
    const held = holdResponses(anything)
    const { gateway, kodexa } = await openSharedGateway({
      kodexa: (request, response) => {
        response.on('close', () => closed++)
        held.script(request, response)
      },
    })
    const clients = [new AbortController(), new AbortController()]
    const variables = { id: 'exe_1' }
    const aborted = clients.map(({ signal }) => gateway.query(source, variables, { signal }).catch(() => 'aborted'))
    await expect.poll(held.count).toBe(1)
    clients[0]!.abort()
    await delay(30)
    expect(closed).toBe(0)
    clients[1]!.abort()
    await expect.poll(() => closed).toBe(1)
    await Promise.all(aborted)
    kodexa.answer(anything)
    await queryData(gateway, source, variables)
    expect(kodexa.requests).toHaveLength(2)
  })

  it('does not abort a batch that reads the jobs of others', async () => {
    const held = holdResponses(
      json(200, {
        content: [
          { id: 'exe_1', status: 'RUNNING' },
          { id: 'exe_2', status: 'RUNNING' },
        ],
      }),
    )
    const { gateway, kodexa } = await openSharedGateway({ kodexa: held.script })
    const client = new AbortController()
    const aborted = gateway.query(EXECUTION_QUERY, { id: 'exe_1' }, { signal: client.signal }).catch(() => 'aborted')
    const remaining = queryData(gateway, EXECUTION_QUERY, { id: 'exe_2' })
    await expect.poll(held.count).toBe(1)
    expect(kodexa.requests[0]).toContain('filter')
    client.abort()
    await aborted
    held.release()
    expect(await remaining).toMatchObject({ execution: { vendorId: 'exe_2', status: 'RUNNING' } })
  })
})
