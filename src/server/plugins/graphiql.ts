import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { GraphiQLOptions } from 'graphql-yoga'
import type { Vendor } from '../../job/vendor.js'

const OPERATIONS = new URL('../../../schema/operations/', import.meta.url)

const SANDBOX_NOTE = '# SANDBOX: no vendor is connected, every job here is made up.\n'

export interface GraphiQL {
  readonly options: GraphiQLOptions
  /** GraphiQL with everything it needs in one page. Made when first asked for: it is 9 MB, and many gateways never show it. */
  page(): Promise<string>
  /** The page's Content-Security-Policy: it runs its own script and talks to this gateway, and that is all. */
  contentPolicy(): Promise<string>
}

/**
 * GraphiQL with a tab for each example operation; the title and each tab say so when nothing behind it is real. It has
 * places for the credentials that operations need: the page is open to everybody.
 */
export function createGraphiQL(vendors: readonly Vendor[], isOpen: boolean): GraphiQL {
  const credentials = [
    ...(isOpen ? [] : [['authorization', 'Bearer ']]),
    ...vendors.flatMap(({ callerHeader }) => (callerHeader === undefined ? [] : [[callerHeader, '']])),
  ]
  const headers = JSON.stringify(Object.fromEntries(credentials), null, 2)
  const isSandbox = vendors.some(({ mode }) => mode === 'SANDBOX')
  const options: GraphiQLOptions = {
    title: isSandbox ? 'Docket SANDBOX' : 'Docket',
    defaultTabs: readOperations().map((query) => ({
      query: isSandbox ? SANDBOX_NOTE + query : query,
      ...(credentials.length > 0 && { headers }),
    })),
    ...(credentials.length > 0 && { defaultHeaders: headers }),
    defaultEditorToolsVisibility: credentials.length > 0 && 'headers',
  }
  let rendered: Promise<string> | undefined
  let policy: Promise<string> | undefined
  const page = () => (rendered ??= render(options))
  return { options, page, contentPolicy: () => (policy ??= page().then(policyFor)) }
}

async function render(options: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return renderGraphiQL(options)
}

/** Its editor styles itself, has its font inlined, and checks what is typed in workers that it makes of text. */
function policyFor(page: string): string {
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => `'sha256-${digest(script!)}'`)
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function readOperations(): string[] {
  return readdirSync(OPERATIONS)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, OPERATIONS), 'utf8'))
}
