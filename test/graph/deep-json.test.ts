import { describe, expect, it } from 'vitest'
import { useFaultyVendor } from '../support/faulty-vendor.js'
import { JOB_KINDS, type JobKind } from '../support/job-kinds.js'
import { byRoute, json, text } from '../support/scripted-vendor.js'

const setup = useFaultyVendor()

describe('an response that is nested absurdly deep', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const TOO_DEEP = deep(50_000)
  const cases: [string, JobKind, string, string, string, unknown][] = [
    ['the usage of a record', JOB_KINDS.record!, 'usage', TOO_DEEP, 'usage', null],
    ['the rules of a record', JOB_KINDS.record!, 'rules', TOO_DEEP, 'rules { key }', null],
    [
      'the result of a rule',
      JOB_KINDS.record!,
      'rules',
      `{"a":{"result":${TOO_DEEP}}}`,
      'rules { key result }',
      [{ key: 'a', result: null }],
    ],
    ['the input of a run', JOB_KINDS.run!, 'input', `{"a":${TOO_DEEP}}`, 'input', null],
    [
      'the output of a step',
      JOB_KINDS.run!,
      'output',
      `{"a":{"output":${TOO_DEEP}}}`,
      'output { key output }',
      [{ key: 'a', output: null }],
    ],
    [
      'the output of a looped step',
      JOB_KINDS.run!,
      'output',
      `{"a":{"output":[{"request":${TOO_DEEP}}]}}`,
      'output { key }',
      [{ key: 'a' }],
    ],
    ['the context of an execution', JOB_KINDS.execution!, 'context', TOO_DEEP, 'context', null],
    [
      'the steps of a pipeline',
      JOB_KINDS.execution!,
      'pipeline',
      `{"steps":${TOO_DEEP}}`,
      'pipeline { steps { name } }',
      { steps: [] },
    ],
  ]

  it.each(cases)(
    'makes only its own field null: %s',
    async (_what, { wire, field, query }, name, value, selection, expected) => {
      setup.vendor.answer(text(200, `{"id":"${wire.id as string}","status":"RUNNING","${name}":${value}}`))
      const response = await setup.gateway.query(query(`{ vendorId status ${selection} }`))
      setup.expectNoLeak(response)
      expect([response.errors, response.data]).toEqual([
        [],
        { [field]: { vendorId: wire.id, status: 'RUNNING', [name]: expected } },
      ])
    },
  )

  it('loses only the definition of a step and keeps its siblings', async () => {
    const version = `{"id":"version_1","steps":[{"key":"deep","type":"code","body":${TOO_DEEP}},{"key":"flat","type":"code"}]}`
    setup.vendor.answer(text(200, `{"id":"run_1","status":"RUNNING","workflow_version":${version}}`))
    const response = await setup.gateway.query(
      JOB_KINDS.run!.query('{ vendorId workflowVersion { id steps { key definition } } }'),
    )
    setup.expectNoLeak(response)
    expect(response.errors).toEqual([])
    expect(response.data.workflowRun).toMatchObject({ vendorId: 'run_1', workflowVersion: { id: 'version_1' } })
    expect(response.data.workflowRun.workflowVersion.steps).toContainEqual({
      key: 'flat',
      definition: { key: 'flat', type: 'code' },
    })
  })

  it('does not affect the other vendor', async () => {
    setup.vendor.answer(
      byRoute({
        'GET /api/executions/exec_1': json(200, { id: 'exec_1', status: 'RUNNING' }),
        'GET /apps/.*': text(200, `{"id":"rec_1","usage":${TOO_DEEP}}`),
      }),
    )
    const response = await setup.gateway.query(
      '{ execution(by: { executionId: "exec_1" }) { status } record(by: { ref: { collectionId: "col_1", recordId: "rec_1" } }) { usage } }',
    )
    setup.expectNoLeak(response)
    expect(response.data?.execution).toEqual({ status: 'RUNNING' })
  })

  it('is accepted up to a plausible depth', async () => {
    setup.vendor.answer(text(200, `{"id":"exec_1","context":${deep(50)}}`))
    const response = await setup.gateway.query(JOB_KINDS.execution!.query('{ context }'))
    expect(JSON.stringify(response.data.execution.context)).toBe(deep(50))
  })
})
