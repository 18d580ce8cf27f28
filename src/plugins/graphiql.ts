import { readdirSync, readFileSync } from 'node:fs'
import type { GraphiQLOptions } from 'graphql-yoga'
import type { Vendor } from '../job/vendor.js'

const OPERATIONS = new URL('../../schema/operations/', import.meta.url)

const SANDBOX_NOTE = '# SANDBOX: no vendor is connected, every job here is made up.\n'

/** Where the page is open to everybody and its operations are not. */
const CREDENTIAL = '{\n  "authorization": "Bearer "\n}'

/** GraphiQL's settings: a tab for each example operation; the title and each tab say so when nothing behind it is real. */
export function graphiqlOptions(vendors: readonly Vendor[], isOpen = true): GraphiQLOptions {
  const headers = isOpen ? {} : { headers: CREDENTIAL }
  const isSandbox = vendors.some(({ mode }) => mode === 'SANDBOX')
  return {
    title: isSandbox ? 'Docket SANDBOX' : 'Docket',
    defaultTabs: readOperations().map((query) => ({
      query: isSandbox ? SANDBOX_NOTE + query : query,
      ...headers,
    })),
    ...(isOpen ? {} : { defaultHeaders: CREDENTIAL }),
    defaultEditorToolsVisibility: isOpen ? false : 'headers',
  }
}

/** GraphiQL with everything it needs in one page. Loaded when first asked for: it is 9 MB, and many gateways never show it. */
export async function renderGraphiQL(options?: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL: render } = await import('@graphql-yoga/render-graphiql')
  return render(options)
}

function readOperations(): string[] {
  return readdirSync(OPERATIONS)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, OPERATIONS), 'utf8'))
}
