import type { Fault } from './fault.js'

const lost = { outcome: 'VENDOR_UNAVAILABLE', again: true, unsure: true } as const
const unreachable = { outcome: 'VENDOR_UNAVAILABLE', again: true } as const
const silent = { outcome: 'VENDOR_TIMEOUT', again: true, unsure: true, slow: true } as const

/** A byte now and then, for ever. */
const DRIP_MS = 20

export const connectionFaults: readonly Fault[] = [
  { name: 'nobody listens', reach: 'nobody listens', ...unreachable },
  { name: 'its name is unknown', reach: 'no such name', ...unreachable },
  { name: 'its name is never resolved', reach: 'names are not answered', ...silent },
  { name: 'it speaks plain HTTP where TLS is expected', reach: 'TLS', ...lost },
  { name: 'its TLS handshake hangs', reach: 'TLS', connection: (socket) => void socket.resume(), ...silent },
  { name: 'it hangs up as soon as it is called', connection: (socket) => void socket.destroy(), ...lost },
  { name: 'it takes the connection and reads nothing', connection: (socket) => void socket.pause(), ...silent },
  { name: 'it takes the request and hangs', attack: () => {}, ...silent },
  { name: 'it hangs up before the answer', attack: ({ request }) => void request.socket.destroy(), ...lost },
  { name: 'it resets before the answer', attack: ({ request }) => void request.socket.resetAndDestroy(), ...lost },
  {
    name: 'it hangs up in the middle of the headers',
    attack: ({ request }) => void request.socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
    ...lost,
  },
  {
    name: 'it resets in the middle of the body',
    attack({ request, response, healthy }) {
      const text = JSON.stringify(healthy.body)
      response.writeHead(200, { ...healthy.headers, 'content-length': text.length }).write(text.slice(0, -2))
      setImmediate(() => request.socket.resetAndDestroy())
    },
    ...lost,
  },
  {
    name: 'it hangs up in the middle of a body in chunks',
    attack({ request, response, healthy }) {
      response.writeHead(200, healthy.headers).write(JSON.stringify(healthy.body))
      setImmediate(() => request.socket.destroy())
    },
    ...lost,
  },
  {
    name: 'it sends headers and hangs',
    attack: ({ response, healthy }) => void response.writeHead(200, healthy.headers).flushHeaders(),
    ...silent,
  },
  {
    name: 'it hangs in the middle of the body',
    attack: ({ response, healthy }) =>
      void response.writeHead(200, healthy.headers).write(JSON.stringify(healthy.body).slice(0, -2)),
    ...silent,
  },
  {
    name: 'its body drips',
    attack({ response, healthy }) {
      response.writeHead(200, healthy.headers)
      const timer = setInterval(() => response.write(' '), DRIP_MS)
      response.on('close', () => clearInterval(timer))
    },
    ...silent,
  },
  {
    name: 'its headers drip',
    attack({ request: { socket } }) {
      socket.write('HTTP/1.1 200 OK\r\nx-drip: ')
      const timer = setInterval(() => socket.write('.'), DRIP_MS)
      socket.on('close', () => clearInterval(timer))
    },
    ...silent,
  },
  {
    name: 'it speaks something else than HTTP',
    attack: ({ request }) => void request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    outcome: 'VENDOR_BAD_RESPONSE',
    unsure: true,
  },
]
