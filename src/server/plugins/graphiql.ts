import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { GraphiQLOptions } from 'graphql-yoga'
import type { Vendor } from '../../job/vendor.js'

const OPERATIONS = new URL('../../../schema/operations/', import.meta.url)

const SANDBOX_NOTE = '# SANDBOX: no vendor is connected; all jobs are fake.\n'

export interface GraphiQL {
  readonly options: GraphiQLOptions
  /** GraphiQL as one self-contained HTML page. Rendered on first use, because it is 9 MB and many gateways never serve it. */
  page(): Promise<string>
  /** The page's Content-Security-Policy: only its own script runs, and it connects only to this gateway. */
  contentPolicy(): Promise<string>
}

/**
 * GraphiQL with a tab for each example operation. The title and each tab mention the sandbox when a vendor is one. The
 * page itself needs no credentials, so its headers editor lists those that operations need.
 */
export function createGraphiQL(vendors: readonly Vendor[], isAnonymous: boolean): GraphiQL {
  const credentials = [
    ...(isAnonymous ? [] : [['authorization', 'Bearer ']]),
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

/** The editor needs inline styles, an inlined font, and workers created from blobs. */
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
