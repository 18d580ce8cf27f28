import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print, type DocumentNode } from 'graphql'
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.js'
import type { Log } from '../../src/job/log.js'
import type { Vendor } from '../../src/job/vendor.js'

export interface GraphQLResponse<Data> {
  readonly status: number
  /** The whole body as text, for those who look for what must not be in it. */
  readonly text: string
  readonly data: Data
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
  /** What the answer carries besides; undefined when there is nothing. */
  readonly extensions: Readonly<Record<string, unknown>> | undefined
}

export interface QueryOptions {
  /** Besides the content type. */
  readonly headers?: Readonly<Record<string, string>>
  /** Aborts when the caller goes. */
  readonly signal?: AbortSignal
}

export interface TestGateway {
  readonly gateway: Gateway
  /** What the gateway logged. */
  readonly lines: readonly { readonly level: keyof Log; readonly fields: object; readonly message: string }[]
  /** Sends an operation through `gateway.fetch`, without a port. */
  query<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables?: NoInfer<Variables>,
    options?: QueryOptions,
  ): Promise<GraphQLResponse<Data>>
  query(document: string | DocumentNode, variables?: object, options?: QueryOptions): Promise<GraphQLResponse<any>> // eslint-disable-line @typescript-eslint/no-explicit-any
  close(): Promise<void>
}

/** A gateway in front of these vendors, asked without a port. */
export function openGateway(
  vendors: readonly Vendor[] | ((log: Log) => readonly Vendor[]),
  options: Partial<GatewayOptions> = {},
): TestGateway {
  const lines: { level: keyof Log; fields: object; message: string }[] = []
  const record = (level: keyof Log) => (fields: object, message: string) => void lines.push({ level, fields, message })
  const log: Log = { info: record('info'), warn: record('warn'), error: record('error') }
  const gateway = createGateway({ vendors: typeof vendors === 'function' ? vendors(log) : vendors, log, ...options })
  return {
    gateway,
    lines,
    async query(document: string | DocumentNode, variables: object = {}, { headers = {}, signal }: QueryOptions = {}) {
      const response = await gateway.fetch(
        new Request('http://gateway.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query: typeof document === 'string' ? document : print(document), variables }),
          signal: signal ?? null,
        }),
      )
      const text = await response.text()
      const { data, errors = [], extensions } = JSON.parse(text)
      return { status: response.status, text, data, errors, extensions }
    },
    close: () => gateway.close(),
  }
}
