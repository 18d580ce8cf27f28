import { describe, expect, it } from 'vitest'
import { RECORD, RUN, useCortexNormaliser } from '../../../support/cortex-normaliser.js'

const { normaliser, record, run, step } = useCortexNormaliser()

describe('fields that the vendor documents as required', () => {
  it('may all be missing from a record', () => {
    expect(normaliser().record({ id: 'rec_1' }, RECORD)).toEqual({
      address: { type: 'Record', path: ['c', 'col_1', 'rec_1'] },
      vendor: 'CORTEX',
      vendorId: 'rec_1',
      vendorStatus: null,
      state: { status: 'UNKNOWN', vendorStatus: null },
      name: null,
      appId: 'c',
      collectionId: 'col_1',
      collectionName: null,
      source: 'UNKNOWN',
      link: null,
      rulesCount: null,
      rulesPassCount: null,
      rulesFailCount: null,
      rulesWarnCount: null,
      rules: null,
      config: null,
      createdBy: null,
      entity: null,
      tags: null,
      usage: null,
      errors: null,
      createdAt: null,
      updatedAt: null,
      startedAt: null,
      endedAt: null,
    })
  })

  it('may all be missing from a run', () => {
    expect(normaliser().run({ id: 'run_1' }, RUN)).toEqual({
      address: { type: 'WorkflowRun', path: ['c', 'work_1', 'run_1'] },
      vendor: 'CORTEX',
      vendorId: 'run_1',
      vendorStatus: null,
      name: null,
      state: { status: 'UNKNOWN', vendorStatus: null },
      addressAppId: 'c',
      appId: 'c',
      workflowAppId: null,
      workflowId: 'work_1',
      discoverable: false,
      origin: 'UNKNOWN',
      version: null,
      input: null,
      result: null,
      error: null,
      output: null,
      workflowVersion: null,
      workflowVersionDraft: null,
      collectionId: null,
      recordId: null,
      usage: null,
      retention: null,
      retentionDueAt: null,
      createdAt: null,
      updatedAt: null,
      startedAt: null,
      endedAt: null,
    })
  })

  it('may have unexpected types, which makes only those fields null', () => {
    const odd = {
      name: 7,
      source: null,
      rules: [],
      config: 'gone',
      tags: {},
      created_by: 'user_1',
      entity: [],
      link: {},
      rules_count: '3',
      rules_fail_count: 1.5,
    }
    expect(record({ ...odd, rules_pass_count: 2 })).toMatchObject({
      name: null,
      source: 'UNKNOWN',
      rules: null,
      config: null,
      tags: null,
      createdBy: null,
      entity: null,
      link: null,
      rulesCount: null,
      rulesFailCount: null,
      rulesPassCount: 2,
    })
  })

  it('may be missing in tags, entities, users and retentions', () => {
    expect(
      record({
        tags: [{ id: 'tag_1', name: 'urgent' }, { id: 'tag_2' }, null],
        entity: { id: 'ent_1' },
        created_by: { id: 'user_1' },
      }),
    ).toMatchObject({
      tags: [{ id: 'tag_1', name: 'urgent', color: null, appId: null }],
      entity: {
        id: 'ent_1',
        entityId: null,
        status: null,
        type: null,
        triggerId: null,
        recordId: null,
        createdAt: null,
        updatedAt: null,
      },
      createdBy: { id: 'user_1', name: null },
    })
    expect(run({ retention: {} }).retention).toEqual({ maxAgeInSeconds: null, preserveOnFailure: null })
    expect(run({ retention: { max_age_in_seconds: -1, preserve_on_failure: true } }).retention).toEqual({
      maxAgeInSeconds: -1,
      preserveOnFailure: true,
    })
  })

  it('may be missing in versions and drafts', () => {
    expect(run({ workflow_version: { id: 'workv_1' }, workflow_version_draft: {} })).toMatchObject({
      workflowVersion: {
        id: 'workv_1',
        version: null,
        description: null,
        notes: null,
        key: null,
        input: null,
        inputDefault: null,
        steps: null,
        createdBy: null,
        createdAt: null,
      },
      workflowVersionDraft: { key: null, input: null, inputDefault: null, steps: null },
    })
  })

  it('may be accompanied by unknown fields', () => {
    expect(record({ brand_new: { nested: true } })).toEqual(record())
    expect(run({ brand_new: [1] })).toEqual(run())
  })
})

describe('enum values', () => {
  it('that are unknown make an origin, a source, a rule and its outcomes UNKNOWN', () => {
    expect(run({ origin: 'SCHEDULE' }).origin).toBe('UNKNOWN')
    expect(record({ source: 'EMAIL' }).source).toBe('UNKNOWN')
    const { rules } = record({
      rules: { A: { status: 'SKIPPED' } },
      config: { id: 'config_1', rules: [{ key: 'A', on_success: 'NOTIFY', on_fail: null }] },
    })
    expect(rules).toMatchObject([{ status: 'UNKNOWN', onSuccess: 'UNKNOWN', onFail: 'UNKNOWN' }])
  })

  it.each(['WORKFLOW', 'TRIGGER', 'RECORD', 'TEST', 'ENDPOINT', 'WEBHOOK'])(
    'of a known origin are read in either case: %s',
    (origin) => {
      expect(run({ origin }).origin).toBe(origin)
      expect(run({ origin: origin.toLowerCase() }).origin).toBe(origin)
    },
  )

  it.each(['APP', 'API', 'TRIGGER', 'WORKFLOW'])('of a known source are read in either case: %s', (source) => {
    expect(record({ source }).source).toBe(source)
    expect(record({ source: source.toLowerCase() }).source).toBe(source)
  })

  it.each(['DRAFT', 'RUNNING', 'PASSED', 'FAILED', 'WARN'])('of a rule status are read: %s', (status) => {
    expect(record({ rules: { A: { status } } }).rules).toMatchObject([{ status }])
  })

  it('of an unknown step type are kept as they are', () => {
    expect(step({ type: 'quantum' }).type).toBe('quantum')
    expect(
      run({
        workflow_version: { id: 'workv_1', steps: [{ key: 'A', type: 'quantum', qubits: 3 }, { key: 'B' }] },
      }).workflowVersion!.steps,
    ).toMatchObject([
      { key: 'A', type: 'quantum', definition: { qubits: 3 } },
      { key: 'B', type: 'unknown' },
    ])
  })
})
