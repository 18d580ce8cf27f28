import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/upstream/lenient.js'
import { useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { record } = useCortexNormaliser()

describe("a record's rules", () => {
  const config = {
    id: 'config_1',
    rules: [
      {
        key: 'INCOME',
        name: 'Income can be read',
        on_success: 'PASS',
        on_fail: 'WARN',
        workflow_id: 'work_income',
        execution_order: 'before-all',
        disabled: false,
      },
      {
        key: 'UNUSED',
        name: 'Not run for this record',
        on_success: 'PASS',
        on_fail: 'FAIL',
        workflow_id: 'work_unused',
      },
      { name: 'without a key' },
    ],
    mappings: [
      { source_path: 'INCOME:amount', destination_paths: ['UNUSED:amount'] },
      { source_path: 'INCOME:x', destination_Paths: ['UNUSED:x'] },
      {},
    ],
  }

  it('are a list, each joined with its definition in the collection by key', () => {
    const rules = {
      INCOME: {
        key: 'INCOME',
        status: 'WARN',
        result: { amount: 3 },
        input: { a: 1 },
        run: null,
        created_at: '2026-01-01',
      },
    }
    expect(record({ rules, config }).rules).toEqual([
      {
        key: 'INCOME',
        name: 'Income can be read',
        status: 'WARN',
        result: { amount: 3 },
        error: null,
        input: { a: 1 },
        onSuccess: 'PASS',
        onFail: 'WARN',
        run: null,
        createdAt: new Date('2026-01-01'),
        updatedAt: null,
      },
    ])
  })

  it('have no name when the collection no longer defines the rule', () => {
    expect(record({ rules: { GONE: { status: 'PASSED' } }, config }).rules).toMatchObject([
      { key: 'GONE', name: null, status: 'PASSED', onSuccess: null, onFail: null },
    ])
    expect(record({ rules: { GONE: { status: 'PASSED' } } }).rules).toMatchObject([{ key: 'GONE', name: null }])
  })

  it('keep the order of the map and omit values that are not rules', () => {
    const rules = { ZULU: { status: 'PASSED' }, NOTHING: null, ALPHA: { status: 'FAILED' } }
    expect(record({ rules }).rules!.map(({ key }) => key)).toEqual(['ZULU', 'ALPHA'])
  })

  it('appear besides the definitions, which keep their own fields', () => {
    const read = record({ rules: {}, config })
    expect(read.rules).toEqual([])
    expect(read.config).toMatchObject({
      id: 'config_1',
      rules: [
        {
          key: 'INCOME',
          executionOrder: 'before-all',
          disabled: false,
          workflowId: 'work_income',
          workflowUseLatest: null,
          workflowVersionId: null,
        },
        { key: 'UNUSED', executionOrder: null, disabled: null },
      ],
      mappings: [
        { sourcePath: 'INCOME:amount', destinationPaths: ['UNUSED:amount'] },
        { sourcePath: 'INCOME:x', destinationPaths: ['UNUSED:x'] },
      ],
    })
  })
})

describe('the run of a rule', () => {
  const ruleRun = (wire: JsonObject | null, config: unknown = null) =>
    record({
      rules: { A: { status: 'RUNNING', run: wire } },
      config,
    }).rules![0]!.run

  it('is a run with its own address in the app of the record', () => {
    const found = ruleRun({
      id: 'run_9',
      workflow_id: 'work_9',
      status: 'RUNNING',
      app_id: 'app_1',
      workflow_app_id: 'app_1',
    })
    expect(found).toMatchObject({
      address: { type: 'WorkflowRun', path: ['c', 'work_9', 'run_9'] },
      discoverable: false,
      state: { status: 'RUNNING' },
    })
  })

  it('is discoverable when another app owns its workflow', () => {
    const found = ruleRun({ id: 'run_9', workflow_id: 'work_9', app_id: 'app_1', workflow_app_id: 'app_2' })
    expect(found).toMatchObject({
      address: { path: ['c', 'work_9', 'run_9', 'discover'] },
      discoverable: true,
      appId: 'app_1',
      workflowAppId: 'app_2',
    })
  })

  it.each([{ app_id: 'app_1' }, { workflow_app_id: 'app_2' }, {}])(
    'is not discoverable when one of the apps is unknown: %j',
    (apps) => {
      expect(ruleRun({ id: 'run_9', workflow_id: 'work_9', ...apps })).toMatchObject({ discoverable: false })
    },
  )

  it('uses the workflow of the rule when it names none', () => {
    const config = { id: 'config_1', rules: [{ key: 'A', workflow_id: 'work_rule' }] }
    expect(ruleRun({ id: 'run_9' }, config)).toMatchObject({ workflowId: 'work_rule' })
  })

  it.each([
    null,
    {},
    { id: 'run_9' },
    { workflow_id: 'work_9' },
    { id: '../9', workflow_id: 'work_9' },
    { id: 'run_9', workflow_id: 'a/b' },
  ])('is null when it has no valid address: %j', (wire) => {
    expect(ruleRun(wire)).toBeNull()
  })
})
