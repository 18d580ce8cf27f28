import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig, type ConfigError } from '../../src/config/config.js'

const folder = mkdtempSync(join(tmpdir(), 'docket-'))
afterAll(() => rmSync(folder, { recursive: true }))

const GOOD = [
  'query A { vendors { vendor } }',
  'mutation B($id: ID!) { cancelExecution(by: { id: $id }) { __typename } }',
]
const hashOf = (document: string) => createHash('sha256').update(document).digest('hex')
const mapOf = (...documents: string[]) => Object.fromEntries(documents.map((document) => [hashOf(document), document]))

let files = 0
function write(content: string | object): string {
  const file = join(folder, `${files++}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

const problemsIn = (content: string | object) =>
  problemsOf({ PERSISTED_OPERATIONS: 'file', PERSISTED_OPERATIONS_FILE: write(content) })

describe('a file of persisted operations', () => {
  it.each([
    ['file', false],
    ['only', true],
  ])('is read for PERSISTED_OPERATIONS=%s', (mode, only) => {
    const env = { PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: write(mapOf(...GOOD)) }
    expect(readConfig(env).persistedOperations).toEqual({
      documents: new Map(Object.entries(mapOf(...GOOD))),
      only,
    })
  })

  it('may say of each hash what it is, as the generator does', () => {
    const file = write(Object.fromEntries(GOOD.map((document) => [`sha256:${hashOf(document)}`, document])))
    const { persistedOperations } = readConfig({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: file })
    expect(persistedOperations?.documents).toEqual(new Map(Object.entries(mapOf(...GOOD))))
  })

  it('is not looked at where they are off', () => {
    const env = { PERSISTED_OPERATIONS: 'off', PERSISTED_OPERATIONS_FILE: '/nowhere' }
    expect(readConfig(env).persistedOperations).toBeNull()
  })

  it('must be named, and so must its use', () => {
    expect(problemsOf({ PERSISTED_OPERATIONS: 'only' })).toEqual(['PERSISTED_OPERATIONS_FILE: is missing'])
    expect(problemsOf({ PERSISTED_OPERATIONS_FILE: write(mapOf(...GOOD)) })).toEqual([
      'PERSISTED_OPERATIONS: must say what the file is for: file or only',
    ])
    expect(problemsOf({ PERSISTED_OPERATIONS: 'on', PERSISTED_OPERATIONS_FILE: write(mapOf(...GOOD)) })).toEqual([
      'PERSISTED_OPERATIONS: must be one of off, file, only',
    ])
  })

  it.each([
    ['that is not there', '/nowhere/operations.json', /^PERSISTED_OPERATIONS_FILE: cannot be read \(ENOENT\)$/],
    ['that is a folder', folder, /^PERSISTED_OPERATIONS_FILE: cannot be read \(EISDIR\)$/],
  ])('%s is a mistake', (_what, file, problem) => {
    expect(problemsOf({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: file })).toEqual([
      expect.stringMatching(problem),
    ])
  })

  it.each(['{', '[]', '5', 'null', '{}', '{"a":5}', '["query { __typename }"]'])(
    'that holds %s is a mistake',
    (content) => expect(problemsIn(content)).toEqual([expect.stringMatching(/^PERSISTED_OPERATIONS_FILE: must hold /)]),
  )

  it('has everything that is wrong with it told at once, beside what else is wrong', () => {
    const file = write({
      ...mapOf(GOOD[0]!, '{ nothing other }', '{', 'query { job { id } }'),
      [hashOf('another')]: GOOD[1],
      md5: '{ nothing }',
    })
    const problems = problemsOf({ PORT: 'x', PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: file })
    expect(problems.filter((problem) => problem.startsWith('PORT: '))).toHaveLength(1)
    const about = (hash: string) =>
      problems.filter((problem) => problem.startsWith(`PERSISTED_OPERATIONS_FILE: ${hash}: `))
    expect(about(hashOf(GOOD[0]!))).toEqual([])
    expect(about(hashOf('{ nothing other }'))).toHaveLength(2)
    expect(about(hashOf('{'))).toEqual([expect.stringContaining('Syntax Error')])
    expect(about(hashOf('query { job { id } }'))).toEqual([expect.stringContaining('"id" of type "ID!" is required')])
    expect(about(hashOf('another'))).toEqual([
      expect.stringContaining(`is not the SHA-256 of its document, which is ${hashOf(GOOD[1]!)}`),
    ])
    expect(about('md5')).toHaveLength(2)
  })
})
