import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Log } from '../../src/job/log.js'
import { connectRedis, type RedisConnection } from '../../src/redis/connection.js'
import { closeAfterTest } from '../support/close-after-test.js'
import { startRedis, type PrivateRedis } from '../support/redis-server.js'
import { Secret } from '../../src/job/secret.js'

/** A connection with all that it logs: `warn ECONNREFUSED`. */
function connectionTo(url: string) {
  const lines: string[] = []
  const record = (level: string) => (fields: object) => void lines.push(`${level} ${JSON.stringify(fields)}`)
  const log: Log = { info: record('info'), warn: record('warn'), error: record('error') }
  const connection = connectRedis(new Secret(url), log)
  closeAfterTest(() => connection.close())
  return { connection, lines }
}

const ping = ({ attempt }: RedisConnection) =>
  attempt(
    (redis) => redis.ping(),
    () => 'otherwise',
  )
const answers = (connection: RedisConnection, answer: string) =>
  vi.waitFor(async () => expect(await ping(connection)).toBe(answer), { timeout: 5000, interval: 20 })

describe('a connection to an unavailable Redis', () => {
  it('runs the fallback at once, and logs one line', async () => {
    const { connection, lines } = connectionTo('redis://:secret@127.0.0.1:1')
    expect(await ping(connection)).toBe('otherwise')
    await delay(700)
    const began = performance.now()
    for (let tried = 0; tried < 100; tried++) expect(await ping(connection)).toBe('otherwise')
    expect(performance.now() - began).toBeLessThan(50)
    expect(lines).toEqual(['warn {"code":"ECONNREFUSED"}'])
  })

  it('rethrows the error of the fallback', async () => {
    const { connection } = connectionTo('redis://127.0.0.1:1')
    const failing = connection.attempt(
      () => Promise.resolve('work'),
      () => Promise.reject(new Error('otherwise')),
    )
    await expect(failing).rejects.toThrow('otherwise')
  })

  it('runs the fallback when the server accepts the connection and never replies', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket.resume())).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { connection, lines } = connectionTo(`redis://:secret@127.0.0.1:${(server.address() as AddressInfo).port}`)
    const end = performance.now() + 1500
    while (performance.now() < end) {
      const began = performance.now()
      expect(await ping(connection)).toBe('otherwise')
      expect(performance.now() - began).toBeLessThan(500)
      await delay(20)
    }
    expect(sockets.length).toBeGreaterThan(1)
    expect(lines).toEqual(['warn {"code":"ETIMEDOUT"}'])
    await connection.close()
    await vi.waitFor(() => expect(sockets.every((socket) => socket.closed)).toBe(true))
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('a connection to Redis', () => {
  let redis: PrivateRedis
  beforeEach(async () => {
    redis = await startRedis()
    return () => redis.close()
  })

  it('runs the commands, and logs nothing', async () => {
    const { connection, lines } = connectionTo(redis.url)
    await answers(connection, 'PONG')
    expect(lines).toEqual([])
  })

  it('reconnects by itself, with one log line for the outage and one for its end', { timeout: 20_000 }, async () => {
    const { connection, lines } = connectionTo(redis.url)
    await answers(connection, 'PONG')
    for (const outage of [1, 2]) {
      await redis.kill()
      await vi.waitFor(() => expect(lines).toHaveLength(outage * 2 - 1))
      for (let tried = 0; tried < 20; tried++) {
        expect(await ping(connection)).toBe('otherwise')
        await delay(20)
      }
      await redis.restart()
      await answers(connection, 'PONG')
      await vi.waitFor(() => expect(lines).toHaveLength(outage * 2))
    }
    expect(lines).toEqual(['warn {"code":"ECONNREFUSED"}', 'info {}', 'warn {"code":"ECONNREFUSED"}', 'info {}'])
  })

  it('waits 100 ms for a Redis that hangs, then opens its breaker', { timeout: 20_000 }, async () => {
    const { connection, lines } = connectionTo(redis.url)
    await answers(connection, 'PONG')
    redis.freeze()
    const began = performance.now()
    for (let tried = 0; tried < 40; tried++) expect(await ping(connection)).toBe('otherwise')
    expect(performance.now() - began).toBeLessThan(1000)
    await delay(2500)
    expect(lines).toEqual(['warn {"code":"ETIMEDOUT"}'])
    redis.thaw()
    await answers(connection, 'PONG')
    expect(lines).toEqual(['warn {"code":"ETIMEDOUT"}', 'info {}'])
  })

  it('runs the fallback when Redis rejects commands, and logs the reason once', { timeout: 20_000 }, async () => {
    const client = new Redis(redis.url)
    await client.set('key', 'text')
    const { connection, lines } = connectionTo(redis.url)
    await answers(connection, 'PONG')
    const push = () =>
      connection.attempt<unknown>(
        (redis) => redis.lpush('key', 'x'),
        () => 'otherwise',
      )
    for (const end = performance.now() + 3000; performance.now() < end; await delay(50))
      expect(await push()).toBe('otherwise')
    expect(lines).toEqual(['warn {"code":"WRONGTYPE"}'])
    await client.del('key')
    await vi.waitFor(async () => expect(await push()).not.toBe('otherwise'), { timeout: 5000, interval: 50 })
    expect(lines).toEqual(['warn {"code":"WRONGTYPE"}', 'info {}'])
    client.disconnect()
  })

  it('logs no password, whether it is right, wrong or unnecessary', async () => {
    const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error'), vi.spyOn(console, 'log')]
    said.forEach((spy) => spy.mockImplementation(() => {}))
    closeAfterTest(() => Promise.resolve(said.forEach((spy) => spy.mockRestore())))
    const url = redis.url.replace('//', '//:secret-word@')
    const open = connectionTo(url)
    await answers(open.connection, 'PONG')
    const client = new Redis(redis.url)
    await client.config('SET', 'requirepass', 'another')
    client.disconnect()
    const wrong = connectionTo(url)
    const missing = connectionTo(redis.url)
    await vi.waitFor(() => expect([wrong.lines.length, missing.lines.length]).toEqual([1, 1]), { timeout: 3000 })
    await delay(300)
    expect([wrong.lines, missing.lines]).toEqual([['warn {"code":"WRONGPASS"}'], ['warn {"code":"NOAUTH"}']])
    const everything = JSON.stringify([open.lines, wrong.lines, missing.lines, said.map((spy) => spy.mock.calls)])
    expect(everything).not.toContain('secret-word')
  })

  it.each([
    ['ready', () => Promise.resolve()],
    ['frozen', () => Promise.resolve(redis.freeze())],
    ['dead', () => redis.kill()],
  ])('leaves nothing open after close, with a Redis that is %s', async (_, happen) => {
    const open = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocket/.test(name)).length
    const before = open()
    const { connection, lines } = connectionTo(redis.url)
    await answers(connection, 'PONG')
    await happen()
    await delay(100)
    const said = lines.length
    await connection.close()
    await connection.close()
    expect(await ping(connection)).toBe('otherwise')
    await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(before), { timeout: 1000, interval: 10 })
    expect(lines).toHaveLength(said)
  })

  it('leaves nothing open when closed before it is connected', async () => {
    const { connection, lines } = connectionTo(redis.url)
    await connection.close()
    const { connection: other, lines: otherLines } = connectionTo('redis://127.0.0.1:1')
    await delay(1)
    await other.close()
    await delay(200)
    expect([...lines, ...otherLines.slice(1)]).toEqual([])
    const client = new Redis(redis.url)
    expect(
      String(await client.client('LIST'))
        .trim()
        .split('\n'),
    ).toHaveLength(1)
    client.disconnect()
  })
})
