#!/bin/sh
# undici 7.30.2 (Node 20.20): a headersTimeout below a second fires after about one second.
#
# Timers share a clock that ticks about once a second, so `headersTimeout: 50` waits as long as `headersTimeout: 900`. Use
# AbortSignal.timeout(ms) where a shorter time matters.
#
# Seen: UND_ERR_HEADERS_TIMEOUT after 1016, 1001 and 1005 ms for 50, 200 and 900 ms.
set -eu
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent undici@7.30.2

cat > timeout.mjs <<'JS'
import { createServer } from 'node:http'
import { Pool } from 'undici'

const server = createServer(() => {})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
for (const headersTimeout of [50, 200, 900]) {
  const pool = new Pool(`http://127.0.0.1:${server.address().port}`)
  const start = performance.now()
  const code = await pool.request({ path: '/', method: 'GET', headersTimeout }).catch((error) => error.code)
  const elapsed = Math.round(performance.now() - start)
  console.log(`headersTimeout ${headersTimeout}: ${code} after ${elapsed} ms`)
  if (code !== 'UND_ERR_HEADERS_TIMEOUT' || elapsed < 950) process.exitCode = 1
  await pool.destroy()
}
server.closeAllConnections()
server.close()
JS

node timeout.mjs || { echo 'The behaviour has changed.'; exit 1; }
