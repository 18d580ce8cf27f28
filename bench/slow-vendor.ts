import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SlowVendor {
  readonly url: string
  close(): void
}

/** Starts a Cortex that responds to every request with the same `rows` records after `responseMs`. */
export async function startSlowVendor({ rows, responseMs }: { rows: number; responseMs: number }): Promise<SlowVendor> {
  const records = Array.from({ length: rows }, (_, at) => ({
    id: `rec_${at}`,
    name: `Invoice ${at}`,
    status: 'RUNNING',
    created_at: new Date(Date.UTC(2026, 2, 1) - at * 1000).toISOString(),
  }))
  const body = Buffer.from(JSON.stringify(records))
  const headers = {
    'content-type': 'application/json',
    'content-length': body.byteLength,
    'pagination-page': 1,
    'pagination-take': rows,
    'pagination-count': rows,
  }
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(200, headers).end(body), responseMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
