import { API_KEY } from '../support/scripted-vendor.js'
import type { Exchange, Fault } from './fault.js'

/** What must show nowhere. */
export const RAW = 'raw-body-that-must-not-show'

const STACK = { stackTrace: ['com.vendor.Jobs.find(Jobs.java:12)'], trace: `    at find (com.vendor.js:1) ${RAW}` }
const PAGE = `<!doctype html><html><body>${RAW} ${API_KEY}</body></html>`

const broken = { outcome: 'VENDOR_UNAVAILABLE', again: true, unsure: true } as const
const bad = { outcome: 'VENDOR_BAD_RESPONSE', unsure: true } as const
const denied = { outcome: 'VENDOR_UNAUTHORIZED' } as const
const refused = { outcome: 'VENDOR_REJECTED' } as const
const limited = { outcome: 'VENDOR_RATE_LIMITED', again: true, pauses: true } as const

export const statusFaults: readonly Fault[] = [
  { name: '500 with JSON and a stack', attack: refusal(500), ...broken },
  { name: '501', attack: refusal(501), ...broken, again: false },
  { name: '502 with a page of HTML', attack: page(502), ...broken },
  { name: '503 that asks for two minutes', attack: refusal(503, { 'retry-after': '120' }), ...broken, again: false },
  { name: '504 without a body', attack: ({ response }) => void response.writeHead(504).end(), ...broken },
  { name: '400', attack: refusal(400), ...refused },
  { name: '401', attack: refusal(401), ...denied },
  { name: '403 with a page of HTML', attack: page(403), ...denied },
  {
    name: '404',
    attack: refusal(404),
    outcome: 'NOTHING',
    except: {
      jobs: 'NOT_FOUND',
      watch: 'NOT_FOUND',
      cancel: 'NOT_FOUND',
      'cancel+read': 'NOT_FOUND',
      ping: 'VENDOR_REJECTED',
      // The list of executions is one that every instance has.
      'list of KODEXA': 'VENDOR_REJECTED',
      'jobs of KODEXA': 'VENDOR_REJECTED',
    },
  },
  { name: '409', attack: refusal(409), ...refused },
  {
    name: '204',
    attack: ({ response }) => void response.writeHead(204).end(),
    ...bad,
    // It said yes, although not what became of the job.
    except: { 'cancel+read': 'CANCELLING' },
  },
  { name: '304', attack: ({ response }) => void response.writeHead(304).end(), ...bad },
  { name: 'a redirect to another host', attack: redirect(302), ...bad },
  { name: 'a redirect that keeps the method', attack: redirect(308), ...bad },
  {
    name: '101, which nobody asked for',
    attack: ({ request }) =>
      void request.socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
      ),
    ...broken,
  },
  {
    name: '103 before the answer',
    attack({ response, healthy }) {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      response.writeHead(200, healthy.headers).end(JSON.stringify(healthy.body))
    },
    outcome: 'DATA',
  },
  { name: '429 without Retry-After', attack: refusal(429), ...limited },
  ...Object.entries(retryAfters()).map(([form, value]): Fault => {
    return { name: `429, Retry-After ${form}`, attack: (exchange) => refusal(429, value())(exchange), ...limited }
  }),
]

type HeadersNow = () => Record<string, string | string[]>

/** Each form that a Retry-After may have, and some that it may not. */
function retryAfters(): Readonly<Record<string, HeadersNow>> {
  const after =
    (value: string | string[]): HeadersNow =>
    () => ({ 'retry-after': value })
  const dateIn =
    (ms: number, clock = 0): HeadersNow =>
    () => {
      const now = Date.now() + clock
      return {
        'retry-after': new Date(now + ms).toUTCString(),
        ...(clock !== 0 && { date: new Date(now).toUTCString() }),
      }
    }
  const DAY = 24 * 60 * 60 * 1000
  return {
    'of a second': after('1'),
    'of zero': after('0'),
    'of a fraction': after('0.5'),
    'of two minutes': after('120'),
    'as a date to come': dateIn(2000),
    'as a date gone by': dateIn(-60_000),
    'by a clock that is a day ahead': dateIn(2000, DAY),
    'by a clock that is a day behind': dateIn(2000, -DAY),
    'below zero': after('-5'),
    'that is garbage': after('12 bananas'),
    'that is beyond all numbers': after('9'.repeat(400)),
    'that is empty': after(''),
    'given twice': after(['1', '2']),
  }
}

function refusal(status: number, headers: Record<string, string | string[]> = {}) {
  const body = { message: `The key ${API_KEY} is known.`, ...STACK }
  return ({ response }: Exchange) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function page(status: number) {
  return ({ response }: Exchange) => void response.writeHead(status, { 'content-type': 'text/html' }).end(PAGE)
}

function redirect(status: number) {
  return ({ request, response, elsewhere }: Exchange) =>
    void response.writeHead(status, { location: new URL(request.url!, elsewhere).href }).end(PAGE)
}
