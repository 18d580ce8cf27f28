import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeAfterTest } from '../support/close-after-test.js'
import { openGateway } from '../support/gateway.js'
import { serve } from '../support/websocket.js'

let browser: Browser
beforeAll(async () => {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(() => browser?.close())

it('GraphiQL opens without a credential and has an input for one', async () => {
  const gateway = openGateway([], {
    authenticate: (headers) =>
      headers.get('authorization') === 'Bearer abc' ? { name: 'a', role: 'admin', via: 'key' } : null,
  })
  closeAfterTest(gateway.close)
  const { port } = await serve(gateway.gateway)
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/graphql`)
  const execute = page.locator('.graphiql-execute-button')
  const response = page.locator('.graphiql-response')
  await execute.waitFor()
  await execute.click()
  await expect.poll(() => response.innerText(), { timeout: 10_000 }).toContain('UNAUTHENTICATED')
  await page.locator('.graphiql-editor-tool .view-lines').last().click()
  // To the place before the last quote of the second of three lines.
  for (const key of ['Control+End', 'ArrowUp', 'End', 'ArrowLeft']) await page.keyboard.press(key)
  await page.keyboard.type('abc')
  // GraphiQL takes what was typed a moment later.
  await page.waitForTimeout(1000)
  await execute.click()
  await expect.poll(() => response.innerText(), { timeout: 10_000 }).toContain('"jobs"')
})
