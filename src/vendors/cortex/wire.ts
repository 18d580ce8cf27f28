/**
 * The response fields of Cortex that are used here, as the vendor's documentation and Node SDK type them. The
 * normaliser trusts none of it: every field may be missing or of another type. The sandbox builds its responses from
 * the same types.
 */

export type WireRecordStatus = 'DRAFT' | 'QUEUED' | 'RUNNING' | 'CANCELLED' | 'COMPLETED' | 'FAILED'
export type WireRunStatus = 'PENDING' | 'RUNNING' | 'CANCELLED' | 'COMPLETED' | 'SKIPPED' | 'FAILED'
export type WireRunOrigin = 'WORKFLOW' | 'TRIGGER' | 'RECORD' | 'TEST' | 'ENDPOINT' | 'WEBHOOK'
export type WireRecordSource = 'APP' | 'API' | 'TRIGGER' | 'WORKFLOW'
export type WireVerdict = 'PASS' | 'FAIL' | 'WARN'

type Json = unknown
/** Documented as `format: date` but described as a timestamp; both are accepted. */
type WireDate = string

export interface WireRecord {
  id: string
  name: string | null
  status: WireRecordStatus
  source: WireRecordSource
  usage?: Json
  rules_count: number
  rules_pass_count: number
  rules_fail_count: number
  rules_warn_count: number
  /** By rule key. */
  rules: Record<string, WireRecordRule>
  config: WireCollectionConfig
  collection_name: string
  collection_id: string
  created_by: WireUser | null
  entity: WireEntity | null
  tags: WireTag[]
  created_at: WireDate | null
  updated_at: WireDate | null
  /** Newer instances only. */
  link?: string
}

export interface WireRecordRule {
  key: string
  status: 'DRAFT' | 'RUNNING' | 'PASSED' | 'FAILED' | 'WARN'
  result?: Json
  error?: string
  input?: Record<string, Json> | null
  run: WireRun | null
  created_at: WireDate | null
  updated_at: WireDate | null
}

export interface WireRecordStatusResponse {
  status: WireRecordStatus
  /** Present only when validation failed. */
  errors?: { key: string; message: string; errors: WireFieldError[] }[]
}

/** Looks like a Zod issue: most lack `expected` and `received`, and a path may contain numbers. */
export interface WireFieldError {
  code: string
  expected?: string
  received?: string
  path: (string | number)[]
  message: string
}

export interface WireCollectionConfig {
  id: string
  rules: WireCollectionRule[]
  mappings: { source_path: string; destination_paths: string[] }[]
  created_at: WireDate | null
  updated_at: WireDate | null
}

export interface WireCollectionRule {
  name: string
  key: string
  execution_order?: string
  on_success: WireVerdict
  on_fail: WireVerdict
  workflow_id: string
  workflow_version_id: string
  workflow_use_latest: boolean
  workflow_input_default?: Json
  disabled?: boolean
}

export interface WireUser {
  id: string
  name: string | null
}

export interface WireEntity {
  id: string
  entity_id: string
  status: string
  type: string
  trigger_id: string | null
  record_id: string | null
  created_at: WireDate | null
  updated_at: WireDate | null
}

export interface WireTag {
  id: string
  name: string
  color?: string | null
  app_id: string
  created_at: WireDate | null
  updated_at: WireDate | null
}

export interface WireRun {
  id: string
  result?: Json
  input: Record<string, Json> | null
  /** A map today; has been an array and null. */
  output: Record<string, WireStepOutput> | WireStepOutput[] | null
  status: WireRunStatus
  origin: WireRunOrigin
  error?: string
  started_at: WireDate | null
  ended_at: WireDate | null
  /** The app that started the run. */
  app_id: string
  /** The app that owns the workflow; differs for a discoverable workflow. */
  workflow_app_id: string
  workflow_id: string
  workflow_version_draft: WireWorkflowDraft | null
  workflow_version: WireWorkflowVersion | null
  collection_id?: string
  record_id?: string
  version?: number
  usage?: Json
  retention?: { max_age_in_seconds: number; preserve_on_failure?: boolean } | null
  retention_due_at?: WireDate | null
  created_at: WireDate | null
  updated_at: WireDate | null
}

export interface WireStepOutput {
  key: string
  type?: string
  status: Exclude<WireRunStatus, 'PENDING'>
  output?: Json
  error?: string
  /** Epoch; the unit is not documented, milliseconds are likely. */
  start?: number
  end?: number
}

export interface WireWorkflowDraft {
  key: string
  input: Record<string, Json>
  input_default: Json
  steps: WireStep[]
}

export interface WireWorkflowVersion extends WireWorkflowDraft {
  id: string
  app_id: string
  workflow_id: string
  description: string | null
  version: number
  notes: string | null
  created_by?: WireUser
  created_at: WireDate | null
}

/** A growing union of nine kinds; the fields of each kind stay JSON. */
export interface WireStep {
  type: string
  key: string
  conditional?: string
  loop?: string
  destinations?: string[]
  [field: string]: Json
}
