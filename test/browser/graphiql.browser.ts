import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSandboxedGateway, type SandboxedGateway } from '../support/sandboxes.js'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const OFFLINE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let sandboxed: SandboxedGateway
let server: Server
let browser: Browser
let page: Page
/** Requests that left for anywhere but the gateway. */
const strays: string[] = []

beforeAll(async () => {
  sandboxed = await openSandboxedGateway()
  server = createServer(sandboxed.gateway.listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({ executablePath: CHROMIUM, args: OFFLINE })
  page = await browser.newPage()
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin)) return route.continue()
    strays.push(url)
    return route.abort('internetdisconnected')
  })
  await page.goto(`${origin}/graphql`)
  await page.locator('.graphiql-execute-button').waitFor()
})

afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
  await sandboxed?.close()
})

describe('GraphiQL without internet', () => {
  it('opens with a tab for each example operation and says that it is the sandbox', async () => {
    expect(await page.title()).toBe('Docket SANDBOX')
    const tabs = await page.locator('.graphiql-tab-button').allTextContents()
    expect(tabs).toEqual([
      'Jobs',
      'Record',
      'WorkflowRun',
      'Execution',
      'CancelRecord',
      'CancelWorkflowRun',
      'CancelExecution',
      'Statuses',
      'Watch',
    ])
    expect(await page.locator('.graphiql-query-editor').innerText()).toContain('SANDBOX')
  })

  it('shows jobs of both vendors in one list', async () => {
    await run('Jobs', 'CORTEX')
    await run('Jobs', 'KODEXA')
  })

  it('cancels one of each kind and shows the status change', async () => {
    await run('CancelRecord', 'CancelRecordSuccess')
    await run('CancelWorkflowRun', 'CancelWorkflowRunSuccess')
    await run('CancelExecution', 'CANCELLING')
    sandboxed.advance(10_000)
    await run('CancelExecution', 'ALREADY_CANCELLED')
  })

  it('asked nobody else for anything', () => {
    expect(strays).toEqual([])
  })
})

/** Runs the operation of a tab and waits for the result pane to show what is expected of the answer. */
async function run(tab: string, expected: string): Promise<void> {
  // The tabs slide into place when the page is first touched, away from under the pointer.
  await expect.poll(() => select(tab), { timeout: 10_000 }).toBe(tab)
  // GraphiQL learns which operation a tab holds a moment after it has been chosen, and shows no sign of it.
  await page.waitForTimeout(1000)
  await page.locator('.graphiql-execute-button').click()
  await expect.poll(() => page.locator('.graphiql-response').innerText(), { timeout: 10_000 }).toContain(expected)
}

/** Clicks a tab and gives the one that is active then. */
async function select(tab: string): Promise<string> {
  await page.locator('.graphiql-tab-button', { hasText: new RegExp(`^${tab}$`) }).click()
  return page.locator('.graphiql-tab-active .graphiql-tab-button').innerText()
}
