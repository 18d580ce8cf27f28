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
/** What the browser said of the page's policy. */
const violations: string[] = []
let origin: string

beforeAll(async () => {
  sandboxed = await openSandboxedGateway()
  server = createServer(sandboxed.gateway.listener).on('upgrade', sandboxed.gateway.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({ executablePath: CHROMIUM, args: OFFLINE })
  page = await browser.newPage()
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin)) return route.continue()
    strays.push(url)
    return route.abort('internetdisconnected')
  })
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
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

  it('validates the query in a worker', async () => {
    await page.locator('.graphiql-tab-add').click()
    await page.locator('.graphiql-query-editor .view-lines').click()
    await page.keyboard.type('{ misspelt }')
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor()
  })

  it('loads nothing from other origins and violates no content security policy', () => {
    expect(strays).toEqual([])
    expect(violations).toEqual([])
  })

  it('runs only its own scripts', async () => {
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.name = "broken into"'
      document.body.append(script)
    })
    expect(await page.evaluate(() => window.name)).toBe('')
    expect(violations).toHaveLength(1)
  })
})

describe('a page of another site', () => {
  it('cannot read a response, with or without a preflight, nor open a WebSocket; a link still works', async () => {
    const elsewhere = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>'))
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const foreign = await browser.newPage()
    const port = (elsewhere.address() as AddressInfo).port
    await foreign.goto(`http://127.0.0.1:${port}/`)
    const statuses: number[] = []
    foreign.on('response', (response) => statuses.push(response.status()))
    sandboxed.takeRequests()
    const heard = await foreign.evaluate(async (url) => {
      const query = '{ jobs { nodes { id } } }'
      const ask = (init: RequestInit, path = '') =>
        fetch(url + path, init).then(
          ({ type }) => type,
          () => 'nothing',
        )
      const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) }
      const socket = new Promise((resolve) => {
        const webSocket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
        webSocket.onerror = () => resolve('nothing')
        webSocket.onopen = () => resolve('open')
      })
      const path = `?query=${encodeURIComponent(query)}`
      return [
        await ask(json),
        await ask({ method: 'POST', body: JSON.stringify({ query }), mode: 'no-cors' }),
        await ask({}, path),
        await ask({ mode: 'no-cors' }, path),
        await socket,
      ]
    }, `${origin}/graphql`)
    expect(heard).toEqual(['nothing', 'opaque', 'nothing', 'opaque', 'nothing'])
    expect(new Set(statuses)).toEqual(new Set([403]))
    expect(sandboxed.takeRequests()).toEqual({ cortex: [], kodexa: [] })
    await foreign.setContent(`<a href="${origin}/graphql">here</a>`)
    await foreign.click('a')
    await foreign.locator('.graphiql-execute-button').waitFor()
    await foreign.close()
    elsewhere.close()
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
