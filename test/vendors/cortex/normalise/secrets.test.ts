import { describe, expect, it } from 'vitest'
import { useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { run, step } = useCortexNormaliser()

describe('secrets', () => {
  const SECRET = 'Bearer of-bad-news'
  const serialised = (value: unknown) => JSON.stringify(value)

  it.each([
    ['the headers of a request', { ok: true, headers: { authorization: SECRET } }, { ok: true }],
    ['headers as a string', { status: 200, headers: SECRET, body: 'hi' }, { status: 200, body: 'hi' }],
    ['the raw traffic of a model provider', { message: 'hi', raw: { key: SECRET } }, { message: 'hi' }],
    ['logs', { message: 'hi', logs: [SECRET] }, { message: 'hi' }],
    ['logs under their older name', { message: 'hi', output_logs: [SECRET] }, { message: 'hi' }],
    [
      'the headers of the request that started another workflow',
      { run_id: 'run_2', request: { method: 'POST', url: '/x', headers: { cookie: SECRET }, query: { a: '1' } } },
      { run_id: 'run_2', request: { method: 'POST', url: '/x', query: { a: '1' } } },
    ],
    [
      'headers in each iteration of a loop',
      [{ headers: SECRET, ok: true }, { request: { headers: SECRET, method: 'GET' } }],
      [{ ok: true }, { request: { method: 'GET' } }],
    ],
    [
      'secrets of called tools',
      {
        calls: [{ key: 'A', logs: [SECRET], output: { raw: SECRET, ok: true } }],
        tool_results: [{ output: { headers: SECRET } }],
      },
      { calls: [{ key: 'A', output: { ok: true } }], tool_results: [{ output: {} }] },
    ],
  ])('are removed from the output of a step: %s', (_what, output, rest) => {
    expect(step({ output }).output).toEqual(rest)
  })

  it('are removed from the other fields of a step', () => {
    const read = step({
      logs: [SECRET],
      output_logs: [SECRET],
      calls: [{ key: 'TOOL', output: { headers: SECRET } }],
      output: 'fine',
    })
    expect(read.output).toBe('fine')
    expect(serialised(read)).not.toContain(SECRET)
  })

  it('are removed from the steps of another workflow that a step returns', () => {
    const inner = {
      FETCH: {
        key: 'FETCH',
        status: 'COMPLETED',
        output: { ok: true, headers: { authorization: SECRET } },
        logs: [SECRET],
      },
    }
    const read = step({ type: 'workflow', output: { run_id: 'run_2', status: 'COMPLETED', output: inner } })
    expect(read.output).toMatchObject({ run_id: 'run_2', status: 'COMPLETED' })
    expect(serialised(read)).not.toContain(SECRET)
  })

  it('are removed from the definition of a step', () => {
    const steps = [
      {
        key: 'FETCH',
        type: 'http_request',
        url: 'https://example.com',
        method: 'GET',
        headers: { authorization: SECRET },
        conditional: 'a > 1',
        loop: 'items',
        destinations: ['NEXT', 7],
      },
      { key: 'NEXT', type: 'http_request', url: 'https://example.com', headers: SECRET },
    ]
    const version = run({ workflow_version: { id: 'workv_1', steps } }).workflowVersion!
    const draft = run({ workflow_version_draft: { key: 'draft', steps } }).workflowVersionDraft!
    for (const read of [version.steps, draft.steps]) {
      expect(serialised(read)).not.toContain(SECRET)
      expect(read).toMatchObject([
        {
          key: 'FETCH',
          type: 'http_request',
          conditional: 'a > 1',
          loop: 'items',
          destinations: ['NEXT'],
          definition: { url: 'https://example.com', method: 'GET' },
        },
        { key: 'NEXT', conditional: null, loop: null, destinations: null },
      ])
    }
  })
})
