import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { ConfigError, readConfig, type Config } from '../../src/config/config.js'
import { connectVendors } from '../../src/config/connect-vendors.js'
import type { Environment } from '../../src/environment/parse-environment.js'
import { silentLog } from '../../src/job/log.js'
import { DEFAULT_LIMITS } from '../../src/server/limits/limits.js'
import { openGateway } from '../support/gateway.js'
import { hang, json, startScriptedVendor, type Script } from '../support/scripted-vendor.js'

const CORTEX = { CORTEX_API_KEY: 'cortex-key' }
const KODEXA = { KODEXA_API_KEY: 'kodexa-key' }
const SECRET = 'hunter2'
const NAMES = [
  'PORT',
  'HOST',
  'LOG_LEVEL',
  'GATEWAY_AUTH',
  'DOCKET_SANDBOX',
  'NODE_ENV',
  'MAX_BODY_BYTES',
  'MAX_COST',
  'MAX_OPERATIONS_PER_MINUTE',
  'MAX_CONCURRENT_OPERATIONS',
  'MAX_EVENT_LOOP_DELAY_MS',
  'DEADLINE_MS',
  'DRAIN_MS',
  'CORS_ORIGINS',
  'CORS_CREDENTIALS',
  'GRAPHIQL',
  'INTROSPECTION',
  'PERSISTED_OPERATIONS',
  'PERSISTED_OPERATIONS_FILE',
  'CORTEX_BASE_URL',
  'CORTEX_API_KEY',
  'CORTEX_APP_ID',
  'CORTEX_COLLECTION_IDS',
  'CORTEX_WORKFLOW_IDS',
  'CORTEX_HEADERS',
  'CORTEX_TIMEOUT_MS',
  'KODEXA_BASE_URL',
  'KODEXA_API_KEY',
  'KODEXA_AUTH_HEADER',
  'KODEXA_HEADERS',
  'KODEXA_TIMEOUT_MS',
  'KODEXA_FILTER_DIALECT',
  'KODEXA_SORT_STYLE',
  'KODEXA_PAGE_BASE',
]

/** Every problem with an environment, none when it is usable. */
function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    const { message, problems } = error as ConfigError
    expect(message.split('\n')).toEqual([
      'The environment is not usable:',
      ...problems.map((problem) => `  ${problem}`),
    ])
    return problems
  }
}

/** The variables that are said to be wrong. */
function wrongIn(env: Environment): string[] {
  return problemsOf(env).map((problem) => problem.split(':', 1)[0]!)
}

function connected({ vendors }: Config): string[] | null {
  return vendors?.flatMap(({ module, plan }) => (plan === null ? [] : [module.name])) ?? null
}

describe('an empty environment', () => {
  it('is the sandbox on loopback', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      logLevel: 'info',
      auth: { keys: null, tokens: null },
      pollMs: 600,
      vendors: null,
      limits: DEFAULT_LIMITS,
      loadShedding: { concurrentOperations: 1000, eventLoopDelayMs: 15 },
      deadlineMs: 10_000,
      drainMs: 10_000,
      cors: { origins: [], credentials: false },
      graphiql: true,
      introspection: true,
      persistedOperations: null,
      sharedState: {
        terminalMs: 60_000,
        liveMs: 1000,
        cacheBytes: 67_108_864,
        batchWindowMs: 0,
        redisUrl: undefined,
        egress: 'default',
      },
    })
  })

  it('gives a config that nobody can change', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  it.each([
    ['empty', ''],
    ['blank', ' \t'],
  ])('is what %s variables are', (_what, nothing) => {
    expect(NAMES.filter((name) => problemsOf({ [name]: nothing }).length > 0)).toEqual([])
    expect(readConfig(Object.fromEntries(NAMES.map((name) => [name, nothing])))).toEqual(readConfig({}))
  })

  it('is not touched by variables of others', () => {
    expect(readConfig({ PATH: '/bin', CORTEX_UNHEARD_OF: 'x', API_KEY: 'x', port: '5' })).toEqual(readConfig({}))
  })
})

describe('the gateway itself', () => {
  it('takes its port, its host and its log level', () => {
    expect(readConfig({ PORT: '8080', HOST: '::1', LOG_LEVEL: 'silent' })).toMatchObject({
      port: 8080,
      host: '::1',
      logLevel: 'silent',
    })
    expect(readConfig({ PORT: '0' }).port).toBe(0)
    expect(readConfig({ PORT: '65535' }).port).toBe(65_535)
  })

  it.each(['abc', '-1', '65536', '80.5', '80a', 'NaN', 'Infinity'])('refuses the port %j', (PORT) =>
    expect(wrongIn({ PORT })).toEqual(['PORT']),
  )

  it.each(['verbose', 'INFO', '0'])('refuses the log level %j', (LOG_LEVEL) =>
    expect(wrongIn({ LOG_LEVEL })).toEqual(['LOG_LEVEL']),
  )

  it.each(['127.0.0.1', '127.8.9.10', 'localhost', '::1'])('listens on %s without being asked twice', (HOST) =>
    expect(problemsOf({ HOST })).toEqual([]),
  )

  const OPEN = [
    '0.0.0.0',
    '::',
    '192.168.1.5',
    'gateway.example',
    '127.0.0.1.evil.test',
    'localhost.evil.test',
    '::ffff:10.0.0.1',
    '128.0.0.1',
    '10.127.0.0.1',
  ]
  it.each(OPEN)('does not listen on %s without GATEWAY_AUTH', (HOST) =>
    expect(wrongIn({ HOST })).toEqual(['GATEWAY_AUTH']),
  )

  it.each(OPEN)('listens on %s when GATEWAY_AUTH is none', (HOST) =>
    expect(readConfig({ HOST, GATEWAY_AUTH: 'none' }).host).toBe(HOST),
  )

  it('does not take a blank GATEWAY_AUTH for none', () => {
    for (const blank of ['', ' ', '\t'])
      expect(wrongIn({ HOST: '0.0.0.0', GATEWAY_AUTH: blank }), JSON.stringify(blank)).toEqual(['GATEWAY_AUTH'])
  })

  it.each(['basic', 'None', 'off', 'false'])('knows no GATEWAY_AUTH %j', (GATEWAY_AUTH) => {
    expect(wrongIn({ GATEWAY_AUTH })).toEqual(['GATEWAY_AUTH'])
    expect(wrongIn({ GATEWAY_AUTH, HOST: '0.0.0.0' })).toContain('GATEWAY_AUTH')
  })
})

describe('what callers may send', () => {
  const NUMBERS = {
    MAX_BODY_BYTES: ['bodyBytes', '1000', '100000000', '999', '100000001'],
    MAX_TOKENS: ['tokens', '10', '3000', '9', '3001'],
    MAX_DEPTH: ['depth', '1', '100', '0', '101'],
    MAX_ALIASES: ['aliases', '0', '1000', '-1', '1001'],
    MAX_DIRECTIVES: ['directives', '0', '1000', '-1', '1001'],
    MAX_ROOT_FIELDS: ['rootFields', '1', '1000', '0', '1001'],
    MAX_COST: ['cost', '1', '1000000', '0', '1000001'],
    MAX_CANCELS: ['cancels', '0', '10000', '-1', '10001'],
    MAX_OPERATIONS_PER_MINUTE: ['operationsPerMinute', '1', '9999999', '0', '10000000'],
  } as const

  it.each(Object.entries(NUMBERS))('is limited by %s', (name, [limit, least, most, less, more]) => {
    for (const value of [least, most])
      expect(readConfig({ [name]: value }).limits).toEqual({ ...DEFAULT_LIMITS, [limit]: Number(value) })
    for (const value of [less, more, 'many', '1.5', 'Infinity', 'NaN', '-5'])
      expect([value, wrongIn({ [name]: value })]).toEqual([value, [name]])
  })

  it('may be any number of operations', () => {
    expect(readConfig({ MAX_OPERATIONS_PER_MINUTE: 'off' }).limits.operationsPerMinute).toBeNull()
    expect(wrongIn({ MAX_COST: 'off' })).toEqual(['MAX_COST'])
  })
})

describe('what the process takes on', () => {
  it('is limited by the operations at a time and the delay of the event loop, or by neither', () => {
    const load = (env: Environment) => readConfig(env).loadShedding
    expect(load({ MAX_CONCURRENT_OPERATIONS: '5', MAX_EVENT_LOOP_DELAY_MS: '70' })).toEqual({
      concurrentOperations: 5,
      eventLoopDelayMs: 70,
    })
    expect(load({ MAX_CONCURRENT_OPERATIONS: 'off', MAX_EVENT_LOOP_DELAY_MS: 'off' })).toEqual({
      concurrentOperations: null,
      eventLoopDelayMs: null,
    })
    for (const name of ['MAX_CONCURRENT_OPERATIONS', 'MAX_EVENT_LOOP_DELAY_MS'])
      for (const value of ['0', '-1', '1.5', 'none']) expect(wrongIn({ [name]: value })).toEqual([name])
  })

  it('has so long for an operation, and for what is in flight when it stops', () => {
    expect(readConfig({ DEADLINE_MS: '3000', DRAIN_MS: '0' })).toMatchObject({ deadlineMs: 3000, drainMs: 0 })
    expect(wrongIn({ DEADLINE_MS: '0', DRAIN_MS: '-1' })).toEqual(['DEADLINE_MS', 'DRAIN_MS'])
    expect(wrongIn({ DEADLINE_MS: '600001', DRAIN_MS: 'long' })).toEqual(['DEADLINE_MS', 'DRAIN_MS'])
  })
})

describe('browsers', () => {
  it('may show pages of the origins that are listed', () => {
    const CORS_ORIGINS = 'https://app.example, http://localhost:3000,'
    expect(readConfig({ CORS_ORIGINS, CORS_CREDENTIALS: 'true' }).cors).toEqual({
      origins: ['https://app.example', 'http://localhost:3000'],
      credentials: true,
    })
  })

  it.each([
    ...[
      '*',
      'app.example',
      'https://*.example',
      'https://app.example/',
      'https://app.example/x',
      'HTTPS://app.example',
    ],
    ...['https://app.example:443', 'https://user@app.example', 'null', 'file://', 'chrome-extension://abc'],
    ...['https://good.example, *', 'https://app.example https://other.example'],
  ])('may not be let in by %j', (CORS_ORIGINS) => expect(wrongIn({ CORS_ORIGINS })).toEqual(['CORS_ORIGINS']))

  it('get GraphiQL, and everybody the schema, unless this is production or it is said otherwise', () => {
    const shown = (env: Environment) => {
      const { graphiql, introspection } = readConfig({ ...KODEXA, ...env })
      return [graphiql, introspection]
    }
    const production = { NODE_ENV: 'production' }
    expect(shown({})).toEqual([true, true])
    expect(shown({ NODE_ENV: 'development' })).toEqual([true, true])
    expect(shown({ GRAPHIQL: 'false', INTROSPECTION: 'false' })).toEqual([false, false])
    expect(shown(production)).toEqual([false, false])
    expect(shown({ ...production, GRAPHIQL: 'true' })).toEqual([true, false])
    expect(shown({ ...production, INTROSPECTION: 'true' })).toEqual([false, true])
    for (const name of ['GRAPHIQL', 'INTROSPECTION', 'CORS_CREDENTIALS'])
      expect(wrongIn({ [name]: 'yes' })).toEqual([name])
  })
})

describe('the sandbox', () => {
  it('serves while no vendor has a key', () => expect(readConfig({ CORTEX_APP_ID: 'app_1' }).vendors).toBeNull())

  it('serves when it is asked for by name, although there are keys', () => {
    expect(readConfig({ ...CORTEX, ...KODEXA, DOCKET_SANDBOX: 'true' }).vendors).toBeNull()
  })

  it('does not serve when it is refused by name', () => {
    expect(problemsOf({ DOCKET_SANDBOX: 'false' })).toEqual([
      expect.stringMatching(/^DOCKET_SANDBOX: .*CORTEX_API_KEY or KODEXA_API_KEY/),
    ])
    expect(connected(readConfig({ ...CORTEX, DOCKET_SANDBOX: 'false' }))).toEqual(['CORTEX'])
  })

  it('is not taken for a vendor in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^DOCKET_SANDBOX: .*CORTEX_API_KEY or KODEXA_API_KEY/),
    ])
    for (const blank of ['', ' '])
      expect(wrongIn({ NODE_ENV: 'production', DOCKET_SANDBOX: blank }), JSON.stringify(blank)).toEqual([
        'DOCKET_SANDBOX',
      ])
    expect(readConfig({ NODE_ENV: 'production', DOCKET_SANDBOX: 'true' }).vendors).toBeNull()
    expect(connected(readConfig({ NODE_ENV: 'production', ...KODEXA }))).toEqual(['KODEXA'])
    expect(readConfig({ NODE_ENV: 'development' }).vendors).toBeNull()
  })

  it.each(['yes', '1', 'on', 'maybe', '2'])('is neither asked for nor refused by %j', (DOCKET_SANDBOX) => {
    expect(wrongIn({ DOCKET_SANDBOX })).toEqual(['DOCKET_SANDBOX'])
    expect(wrongIn({ ...CORTEX, DOCKET_SANDBOX })).toEqual(['DOCKET_SANDBOX'])
  })
})

describe('a vendor', () => {
  it('may be the only one', () => {
    expect(connected(readConfig(CORTEX))).toEqual(['CORTEX'])
    expect(connected(readConfig(KODEXA))).toEqual(['KODEXA'])
    expect(readConfig(CORTEX).vendors?.map(({ module }) => module.name)).toEqual(['CORTEX', 'KODEXA'])
  })

  it('may have company', () => expect(connected(readConfig({ ...CORTEX, ...KODEXA }))).toEqual(['CORTEX', 'KODEXA']))

  it.each(['CORTEX', 'KODEXA'])('%s with an address but no key is a mistake', (name) => {
    expect(wrongIn({ [`${name}_BASE_URL`]: 'https://vendor.test' })).toEqual([`${name}_API_KEY`])
    expect(
      wrongIn({ ...CORTEX, ...KODEXA, [`${name}_API_KEY`]: ' ', [`${name}_BASE_URL`]: 'https://vendor.test' }),
    ).toEqual([`${name}_API_KEY`])
  })

  const BAD_URLS = [
    'vendor.test',
    'ftp://vendor.test',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//vendor.test',
    'https://',
    'not a url',
    `https://user:${SECRET}@vendor.test`,
    'https://user@vendor.test',
    'https://vendor.test?x=1',
    'https://vendor.test/#x',
  ]
  it.each(BAD_URLS)('is not at %s', (url) => {
    expect(wrongIn({ ...CORTEX, CORTEX_BASE_URL: url })).toEqual(['CORTEX_BASE_URL'])
    expect(wrongIn({ ...KODEXA, KODEXA_BASE_URL: url })).toEqual(['KODEXA_BASE_URL'])
  })

  it('is not at an address that holds a password alone', () => {
    expect(wrongIn({ ...CORTEX, CORTEX_BASE_URL: `https://:${SECRET}@vendor.test` })).toEqual(['CORTEX_BASE_URL'])
  })

  it.each([
    'http://127.0.0.1:9',
    'https://vendor.test',
    'https://vendor.test/',
    'https://proxy.test/eu/vendor/',
    'https://vendor.test/apis',
  ])('may be at %s', (url) => {
    expect(problemsOf({ ...CORTEX, CORTEX_BASE_URL: url })).toEqual([])
    expect(problemsOf({ ...KODEXA, KODEXA_BASE_URL: url })).toEqual([])
  })

  it.each(['https://kodexa.test/api', 'https://kodexa.test/api/', 'https://kodexa.test/x/api'])(
    'Kodexa is not at %s, because the gateway adds /api',
    (url) => {
      expect(problemsOf({ ...KODEXA, KODEXA_BASE_URL: url })).toEqual([
        expect.stringMatching(/^KODEXA_BASE_URL: .*\/api/),
      ])
    },
  )

  it.each([
    '5',
    '{',
    '[]',
    '"x"',
    'null',
    '{"a":1}',
    '{"a":null}',
    '{"a b":"c"}',
    '{"":"c"}',
    '{"a":""}',
    '{"a":"b\\r\\nc: d"}',
    '{"a":"ä"}',
    'a: b',
  ])('takes no %s for headers', (headers) => {
    expect(wrongIn({ ...CORTEX, CORTEX_HEADERS: headers })).toEqual(['CORTEX_HEADERS'])
    expect(wrongIn({ ...KODEXA, KODEXA_HEADERS: headers })).toEqual(['KODEXA_HEADERS'])
  })

  it.each(['0', '-1', '1.5', 'soon', '600001', 'Infinity'])('waits no %s ms', (timeout) => {
    expect(wrongIn({ ...CORTEX, CORTEX_TIMEOUT_MS: timeout })).toEqual(['CORTEX_TIMEOUT_MS'])
    expect(wrongIn({ ...KODEXA, KODEXA_TIMEOUT_MS: timeout })).toEqual(['KODEXA_TIMEOUT_MS'])
  })

  it.each(['a\nb', 'a\r\nx: y', 'ä', 'a\0b'])('has no key like %j', (key) => {
    expect(wrongIn({ CORTEX_API_KEY: key })).toContain('CORTEX_API_KEY')
    expect(wrongIn({ KODEXA_API_KEY: key })).toContain('KODEXA_API_KEY')
  })

  it.each(['transfer-encoding', 'Upgrade', 'host', 'content-length', 'connection'])(
    'may not be sent the header %s, which the connection needs',
    (name) => {
      expect(wrongIn({ ...KODEXA, KODEXA_HEADERS: JSON.stringify({ [name]: 'x' }) })).toEqual(['KODEXA_HEADERS'])
      expect(wrongIn({ ...KODEXA, KODEXA_AUTH_HEADER: name })).toEqual(['KODEXA_AUTH_HEADER'])
    },
  )

  it.each(['..', '.', 'a/b', 'a b', '%2e', 'a?b'])('has no place called %j', (id) => {
    expect(wrongIn({ ...CORTEX, CORTEX_APP_ID: id })).toEqual(['CORTEX_APP_ID'])
    expect(wrongIn({ ...CORTEX, CORTEX_COLLECTION_IDS: `a,${id}` })).toEqual(['CORTEX_COLLECTION_IDS'])
    expect(wrongIn({ ...CORTEX, CORTEX_WORKFLOW_IDS: `${id},a` })).toEqual(['CORTEX_WORKFLOW_IDS'])
  })

  it.each([
    ['KODEXA_AUTH_HEADER', 'x api key'],
    ['KODEXA_AUTH_HEADER', 'x:y'],
    ['KODEXA_FILTER_DIALECT', 'sql'],
    ['KODEXA_SORT_STYLE', 'semicolon'],
    ['KODEXA_PAGE_BASE', '2'],
  ])('Kodexa takes no %s %j', (name, value) => expect(wrongIn({ ...KODEXA, [name]: value })).toEqual([name]))
})

describe('mistakes', () => {
  const EVERYTHING_WRONG = {
    PORT: 'x',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'x',
    DOCKET_SANDBOX: 'x',
    CORTEX_BASE_URL: `ftp://${SECRET}`,
    CORTEX_API_KEY: `${SECRET}\n`.repeat(2),
    CORTEX_APP_ID: '..',
    CORTEX_COLLECTION_IDS: 'a/b',
    CORTEX_WORKFLOW_IDS: '..',
    CORTEX_HEADERS: `{"authorization":"${SECRET}"`,
    CORTEX_TIMEOUT_MS: 'x',
    KODEXA_BASE_URL: `https://user:${SECRET}@kodexa.test`,
    KODEXA_API_KEY: `${SECRET}\u00e4`,
    KODEXA_AUTH_HEADER: 'a b',
    KODEXA_HEADERS: `{"x":"${SECRET}\\n"}`,
    KODEXA_TIMEOUT_MS: 'x',
    KODEXA_FILTER_DIALECT: 'x',
    KODEXA_SORT_STYLE: 'x',
    KODEXA_PAGE_BASE: 'x',
  }

  it('are all told at once, a line each, by the name of the variable', () => {
    const expected = Object.keys(EVERYTHING_WRONG).map((name) => (name === 'HOST' ? 'GATEWAY_AUTH' : name))
    expect(wrongIn(EVERYTHING_WRONG).sort()).toEqual(expected.sort())
  })

  it('of two vendors at once leave neither out', () => {
    expect(
      wrongIn({ ...CORTEX, ...KODEXA, CORTEX_TIMEOUT_MS: '0', KODEXA_TIMEOUT_MS: '0', PORT: '-1' }).sort(),
    ).toEqual(['CORTEX_TIMEOUT_MS', 'KODEXA_TIMEOUT_MS', 'PORT'])
  })

  it('of a vendor do not make it look as if none were meant', () => {
    expect(wrongIn({ NODE_ENV: 'production', CORTEX_API_KEY: 'k', CORTEX_TIMEOUT_MS: '0' })).toEqual([
      'CORTEX_TIMEOUT_MS',
    ])
  })

  it('are told without the value of any secret', () => {
    expect(problemsOf(EVERYTHING_WRONG).join('\n')).not.toContain(SECRET)
    expect(problemsOf({ ...CORTEX, CORTEX_API_KEY: `${SECRET}\nx`, PORT: 'x' }).join('\n')).not.toContain(SECRET)
  })
})

describe('credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docket-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (text: string) => {
    const path = join(folder, 'key')
    writeFileSync(path, text)
    return path
  }
  const keyOf = (env: Environment) => readConfig(env).vendors?.map(({ plan }) => plan?.credential?.apiKey.reveal())

  it('are read from a file, without the line break at its end', () =>
    expect(keyOf({ CORTEX_API_KEY_FILE: file('of-the-file\n'), KODEXA_API_KEY: 'k' })).toEqual(['of-the-file', 'k']))

  it.each<[what: string, env: () => Environment, wrong: readonly string[]]>([
    ['a file that is not there', () => ({ CORTEX_API_KEY_FILE: join(folder, 'nothing') }), ['CORTEX_API_KEY_FILE']],
    ['a file with more than one line', () => ({ KODEXA_API_KEY_FILE: file('a\nb') }), ['KODEXA_API_KEY_FILE']],
    ['an empty file', () => ({ KODEXA_API_KEY_FILE: file('\n') }), ['KODEXA_API_KEY_FILE']],
    ['a file beside the key', () => ({ CORTEX_API_KEY: 'a', CORTEX_API_KEY_FILE: file('b') }), ['CORTEX_API_KEY']],
    ['a word nobody knows', () => ({ CREDENTIALS: 'anything' }), ['CREDENTIALS']],
    [
      'keys where callers bring theirs',
      () => ({ CREDENTIALS: 'passthrough', CORTEX_API_KEY: 'a', KODEXA_API_KEY_FILE: file('b') }),
      ['CORTEX_API_KEY', 'KODEXA_API_KEY_FILE'],
    ],
  ])('are not taken from %s', (_what, env, wrong) => expect(wrongIn(env())).toEqual(wrong))

  it('are none where callers bring theirs: every vendor is connected', () => {
    expect(connected(readConfig({ CREDENTIALS: 'passthrough' }))).toEqual(['CORTEX', 'KODEXA'])
    expect(keyOf({ CREDENTIALS: 'passthrough' })).toEqual([undefined, undefined])
  })

  it('that callers bring are at stake for them alone, so that everybody may be let in', () => {
    const open = { HOST: '0.0.0.0', GATEWAY_AUTH: 'none' }
    expect(readConfig({ ...open, CREDENTIALS: 'passthrough' }).host).toBe('0.0.0.0')
    expect(wrongIn({ ...open, CORTEX_API_KEY: 'a' })).toEqual(['GATEWAY_AUTH'])
  })

  it('show nowhere in what was read', () => {
    const config = readConfig({
      CORTEX_API_KEY: 'hush-1',
      CORTEX_HEADERS: '{"x-proxy":"hush-2"}',
      CORTEX_WEBHOOK_TOKEN: 'hush-3-and-some-more-of-it',
      REDIS_URL: 'redis://:hush-4@localhost',
    })
    expect(inspect(config, { depth: 20 }) + JSON.stringify(config)).not.toContain('hush')
  })
})

describe('what is read reaches the vendor', () => {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function connect(env: Environment, script: Script = json(200, [])) {
    const vendor = await startScriptedVendor(script)
    const base = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value?.replace('VENDOR', vendor.url.origin)]),
    )
    const { vendors } = await connectVendors(readConfig(base), silentLog)
    const gateway = openGateway(vendors)
    closing.push(gateway.close, vendor.close)
    return { gateway, vendor }
  }

  it('Cortex: address, key, app, places and headers', async () => {
    const { gateway, vendor } = await connect({
      CORTEX_BASE_URL: 'VENDOR/eu/',
      CORTEX_API_KEY: '  cortex-key  ',
      CORTEX_APP_ID: 'app_1',
      CORTEX_COLLECTION_IDS: ' col_1, ,col_2,',
      CORTEX_WORKFLOW_IDS: 'work_1',
      CORTEX_HEADERS: '{"cf-access-token":"t"}',
    })
    await gateway.query('{ jobs { nodes { id } } }')
    expect(vendor.requests.map((line) => line.split('?')[0]).sort()).toEqual([
      'GET /eu/apps/app_1/collections/col_1/records',
      'GET /eu/apps/app_1/collections/col_2/records',
      'GET /eu/apps/app_1/workflows/work_1/runs',
    ])
    for (const headers of vendor.headers)
      expect(headers).toMatchObject({ authorization: 'Bearer cortex-key', 'cf-access-token': 't' })
  })

  it("Cortex: the vendor's own shorthand for the app, and the places that it has, when nothing is said", async () => {
    const { gateway, vendor } = await connect({ ...CORTEX, CORTEX_BASE_URL: 'VENDOR' })
    await gateway.query('{ jobs { nodes { id } } }')
    expect([...vendor.requests].sort()).toEqual([
      'GET /apps/c/collections?page=1&take=21',
      'GET /apps/c/workflows?page=1&take=21',
    ])
    await gateway.query('{ records(collectionId: "col_1") { nodes { id } } }')
    expect(vendor.requests.at(-1)).toBe('GET /apps/c/collections/col_1/records?page=1&take=20')
  })

  it('Kodexa: address, key, headers and dialect', async () => {
    const { gateway, vendor } = await connect({
      ...KODEXA,
      KODEXA_BASE_URL: 'VENDOR/eu',
      KODEXA_AUTH_HEADER: 'x-access-token',
      KODEXA_HEADERS: '{"x-proxy":"t"}',
      KODEXA_FILTER_DIALECT: 'equals',
      KODEXA_SORT_STYLE: 'colon',
      KODEXA_PAGE_BASE: '0',
    })
    await gateway.query('{ executions(assistantId: "a") { nodes { id } } }')
    const [line] = vendor.requests
    const url = new URL(line!.split(' ')[1]!, vendor.url)
    expect(url.pathname).toBe('/eu/api/executions')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      page: '0',
      sort: 'createdOn:desc',
      filter: "assistantId='a'",
    })
    expect(vendor.headers[0]).toMatchObject({ 'x-access-token': 'kodexa-key', 'x-proxy': 't' })
    expect(vendor.headers[0]).not.toHaveProperty('x-api-key')
  })

  it('Kodexa: x-api-key, a comma and the first page by 1, when nothing is said', async () => {
    const { gateway, vendor } = await connect({ ...KODEXA, KODEXA_BASE_URL: 'VENDOR' })
    await gateway.query('{ executions { nodes { id } } }')
    expect(vendor.requests).toEqual(['GET /api/executions?page=1&pageSize=20&sort=createdOn%2Cdesc'])
    expect(vendor.headers[0]).toMatchObject({ 'x-api-key': 'kodexa-key' })
  })

  it('both: how long to wait', async () => {
    const env = {
      ...CORTEX,
      ...KODEXA,
      CORTEX_BASE_URL: 'VENDOR',
      KODEXA_BASE_URL: 'VENDOR',
      CORTEX_TIMEOUT_MS: '100',
      KODEXA_TIMEOUT_MS: '100',
    }
    const { gateway } = await connect(env, hang)
    const { errors } = await gateway.query(
      '{ execution(by: { executionId: "a" }) { id } records(collectionId: "a") { nodes { id } } }',
    )
    expect(errors.map(({ message }) => message).sort()).toEqual([
      'CORTEX did not answer within 100 ms.',
      'KODEXA did not answer within 100 ms.',
    ])
  })
})
