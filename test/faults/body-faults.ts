import { gzipSync } from 'node:zlib'
import type { Exchange, Fault } from './fault.js'
import { RAW } from './status-faults.js'

const bad = { outcome: 'VENDOR_BAD_RESPONSE', unsure: true } as const
const fine = { outcome: 'DATA' } as const

const MEGABYTE = Buffer.alloc(1024 * 1024, 'a')
/** 50 MB of zeros. */
const BOMB = gzipSync(Buffer.alloc(50 * MEGABYTE.length))
const YEARS_MS = 50 * 365 * 24 * 60 * 60 * 1000

export const bodyFaults: readonly Fault[] = [
  { name: 'no body', attack: sends(''), ...bad, except: { 'cancel+read': 'CANCELLING' } },
  { name: 'malformed JSON', attack: sends(`{"id": ${RAW}}`), ...bad },
  { name: 'truncated JSON', attack: ({ response, healthy }) => send(response, jsonOf(healthy).slice(0, -2)), ...bad },
  {
    name: 'a page of HTML',
    attack: sends(`<html><body>${RAW}</body></html>`, { 'content-type': 'text/html' }),
    ...bad,
  },
  { name: 'JSON that is only null', attack: sends('null'), ...bad, except: { 'ping of CORTEX': 'DATA' } },
  { name: 'JSON that is only a text', attack: sends(`"${RAW}"`), ...bad, except: { 'ping of CORTEX': 'DATA' } },
  {
    name: 'the right JSON as text/html',
    attack: ({ response, healthy }) =>
      send(response, jsonOf(healthy), { ...healthy.headers, 'content-type': 'text/html' }),
    ...fine,
  },
  {
    name: 'the right JSON behind a byte order mark',
    attack: ({ response, healthy }) => send(response, `\uFEFF${jsonOf(healthy)}`, healthy.headers),
    ...fine,
  },
  {
    name: 'the right JSON in UTF-16',
    attack: ({ response, healthy }) => send(response, Buffer.from(jsonOf(healthy), 'utf16le'), healthy.headers),
    ...bad,
  },
  {
    name: 'the right JSON a byte at a time',
    attack({ request, response, healthy }) {
      request.socket.setNoDelay(true)
      response.writeHead(200, healthy.headers)
      for (const byte of Buffer.from(jsonOf(healthy))) response.write(Buffer.of(byte))
      response.end()
    },
    ...fine,
  },
  {
    name: 'the answer twice on one connection',
    attack({ request: { socket }, healthy }) {
      const headers = Object.entries(healthy.headers).map(([name, value]) => `${name}: ${value}\r\n`)
      const text = jsonOf(healthy)
      const length = `content-length: ${Buffer.byteLength(text)}\r\n`
      const one = `HTTP/1.1 200 OK\r\n${headers.join('')}${length}\r\n${text}`
      socket.write(one + one)
    },
    ...fine,
  },
  {
    name: 'two lengths that differ',
    attack: ({ request: { socket } }) =>
      void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{"id": 1}'),
    ...bad,
  },
  {
    name: 'a chunk of a size that is none',
    attack: ({ request: { socket } }) =>
      void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'),
    ...bad,
  },
  {
    name: 'gzip, which nobody asked for',
    attack: ({ response, healthy }) =>
      send(response, gzipSync(jsonOf(healthy)), { ...healthy.headers, 'content-encoding': 'gzip' }),
    ...bad,
  },
  {
    name: 'a gzip bomb',
    attack: sends(BOMB, { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
    ...bad,
  },
  { name: 'a body of 50 MB', attack: floods(50), ...bad, heavy: true },
  { name: 'a body without an end', attack: floods(Infinity), ...bad, heavy: true },
  { name: 'headers of 100 KB', attack: sends('{}', { 'x-much': 'a'.repeat(100_000) }), ...bad },
  {
    name: 'ten thousand headers',
    attack: sends('{}', Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${at}`, '1']))),
    ...bad,
  },
  { name: 'a million brackets', attack: sends('['.repeat(1e6)), ...bad },
  {
    name: 'a million lists in each other',
    attack: sends('['.repeat(1e6) + ']'.repeat(1e6)),
    ...bad,
  },
  {
    name: 'a field nested fifty thousand deep',
    attack: ({ response, healthy }) =>
      send(response, changed(healthy, ['usage', 'context'], '['.repeat(5e4) + ']'.repeat(5e4)), healthy.headers),
    ...fine,
  },
  {
    name: 'twenty thousand too many of everything',
    attack: ({ response, healthy }) => send(response, crowded(healthy), healthy.headers),
    ...fine,
    heavy: true,
  },
  {
    // Whether a cancel has begun to take effect is not to be seen, so it is taken to.
    name: 'a status word of a megabyte',
    attack: ({ response, healthy }) =>
      send(response, changed(healthy, ['status'], JSON.stringify(MEGABYTE.toString())), healthy.headers),
    ...fine,
    except: { cancel: 'CANCELLING', 'cancel+read': 'CANCELLING' },
  },
  {
    name: 'headers of paging that are junk',
    attack: ({ response, healthy }) =>
      send(response, jsonOf(healthy), { ...healthy.headers, 'pagination-count': 'many', 'pagination-take': '-1' }),
    ...fine,
  },
  { name: 'a clock that is fifty years ahead', attack: skewed(YEARS_MS), ...fine },
  { name: 'a clock that is fifty years behind', attack: skewed(-YEARS_MS), ...fine },
]

type Response = Exchange['response']
type Healthy = Exchange['healthy']

function send(response: Response, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, headers).end(body)
}

function sends(body: string | Buffer, headers?: Readonly<Record<string, string>>) {
  return ({ response }: Exchange) => send(response, body, headers)
}

/** So many megabytes, or more, for as long as somebody reads. */
function floods(megabytes: number) {
  return ({ response, healthy }: Exchange) => {
    response.writeHead(200, healthy.headers)
    let sent = 0
    const pour = () => {
      while (sent++ < megabytes && !response.destroyed) if (!response.write(MEGABYTE)) return
      response.end()
    }
    response.on('drain', pour)
    pour()
  }
}

function jsonOf({ body }: Healthy): string {
  return JSON.stringify(body)
}

/** The answer with these fields, wherever they are, replaced by other JSON. */
function changed({ body }: Healthy, fields: readonly string[], json: string): string {
  const text = JSON.stringify(body, (name, value: unknown) => (fields.includes(name) ? '\u0000' : value))
  return text.replaceAll(JSON.stringify('\u0000'), json)
}

/** Lists and maps with more in them than anybody could mean. */
function crowded({ body }: Healthy): string {
  const many = Array.from({ length: 20_000 }, (_, at) => ({
    id: `x${at}`,
    key: `x${at}`,
    name: 'x',
    description: 'x',
    title: 'x',
  }))
  const lists = ['', 'content', 'steps', 'tags', 'instances', 'exceptions']
  const maps = ['rules', 'output']
  const crowd = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return lists.includes(name) ? [...(value as unknown[]), ...many] : value
    return maps.includes(name) && value !== null ? { ...value, ...Object.fromEntries(many.entries()) } : value
  }
  return JSON.stringify(body, crowd)
}

/** A vendor whose clock is wrong, in its headers and in all that it wrote down. */
function skewed(ms: number) {
  const shift = (time: string) => new Date(Date.parse(time) + ms)
  return ({ response, healthy }: Exchange) => {
    const text = jsonOf(healthy).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => shift(time).toISOString())
    send(response, text, { ...healthy.headers, date: shift(new Date().toISOString()).toUTCString() })
  }
}
