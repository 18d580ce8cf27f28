import { describe, expect, it } from 'vitest'
import { OWN_APP } from '../../../src/sandbox/cortex/data/app.js'
import { startCortexSandbox } from '../../../src/sandbox/cortex/index.js'
import { INVOICES, useCortexSandbox, type CortexError } from '../../support/cortex-sandbox.js'

const cortex = useCortexSandbox()
const { send, read } = cortex

describe('the Cortex sandbox', () => {
  it('rejects a wrong key and a missing key', async () => {
    const wrong = await send<CortexError>('GET', INVOICES, 'guessed')
    expect(wrong.status).toBe(401)
    expect(wrong.body).toEqual({ status: 401, message: 'Invalid API key' })
    expect((await fetch(new URL(INVOICES, cortex.sandbox.settings.baseUrl))).status).toBe(401)
  })

  it('makes a new key at every start', async () => {
    const other = await startCortexSandbox()
    expect(other.settings.apiKey!.reveal()).not.toBe(cortex.sandbox.settings.apiKey!.reveal())
    await other.close()
  })

  it('accepts its app by id and by alias, and no other app', async () => {
    expect(OWN_APP.id).toMatch(/^app_[0-9A-Za-z]{22}$/)
    expect((await send('GET', `/apps/${OWN_APP.id}/workflows`)).status).toBe(200)
    expect((await send('GET', '/apps/c/workflows')).status).toBe(200)
    expect((await send('GET', '/apps/app_other/workflows')).status).toBe(404)
  })

  it('returns the error of the vendor for an unknown path', async () => {
    const { status, body } = await send<CortexError>('GET', '/apps/c/files')
    expect(status).toBe(404)
    expect(body).toEqual({ status: 404, message: 'Route not found' })
  })

  it('records the requests it receives', async () => {
    await send('GET', `${INVOICES}?take=1`)
    expect(cortex.sandbox.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${INVOICES}?take=1`])
  })

  it('lists the collections and workflows of its settings', async () => {
    const { collectionIds, workflowIds } = cortex.sandbox.settings
    const collections = await read<{ id: string; records_count: number }[]>('/apps/c/collections')
    const workflows = await read<{ id: string; runs_count: number }[]>('/apps/c/workflows')
    expect(collections.map(({ id }) => id)).toEqual(collectionIds)
    expect(workflows.map(({ id }) => id)).toEqual(workflowIds)
    for (const { records_count } of collections) expect(records_count).toBeGreaterThanOrEqual(40)
    for (const { runs_count } of workflows) expect(runs_count).toBeGreaterThan(25)
  })
})
