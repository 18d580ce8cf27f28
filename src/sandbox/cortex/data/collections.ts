import type {
  WireCollectionConfig,
  WireCollectionRule,
  WireRecordSource,
  WireTag,
  WireVerdict,
} from '../../../vendors/cortex/wire.js'
import type { Random } from '../../random.js'
import { OWN_APP } from './app.js'
import { invoiceSubject, loanSubject, type Subject } from './subjects.js'
import type { WorkflowDefinition } from './workflow-definition.js'
import { classify, extract, verify } from './workflows.js'

/** A collection of the sandbox, and how its records are made up. */
export interface CollectionDefinition {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly config: WireCollectionConfig
  readonly tags: readonly WireTag[]
  /** Creates records when something happens in an external system. */
  readonly trigger: { readonly id: string; readonly type: 'ENCOMPASS' | 'PERSONA'; readonly name: string } | null
  /** The records take their sources from here in turn. */
  readonly sources: readonly WireRecordSource[]
  /** The number of the first record's subject; the others count up. */
  readonly firstNumber: number
  subject(random: Random, number: number): Subject
}

/** Its records come from people, from the API and from workflows. */
export const invoices: CollectionDefinition = {
  id: 'col_invoices',
  name: 'Invoices',
  description: 'Incoming invoices, checked before they are paid.',
  config: {
    id: 'config_invoices_3',
    rules: [
      rule('CLASSIFY_DOCUMENT', 'Is it an invoice?', 'FAIL', classify, 'first'),
      rule('EXTRACT_TOTALS', 'Totals can be read', 'FAIL', extract),
      rule('VERIFY_VENDOR', 'Vendor is known', 'WARN', verify),
    ],
    mappings: [
      mapping('document', 'CLASSIFY_DOCUMENT', ['EXTRACT_TOTALS', 'VERIFY_VENDOR']),
      mapping('facts', 'EXTRACT_TOTALS', ['VERIFY_VENDOR']),
    ],
    created_at: '2024-11-05',
    updated_at: '2025-04-28',
  },
  tags: [
    tag('tag_inv_urgent', 'urgent', { color: '#D64545' }),
    tag('tag_inv_foreign', 'foreign currency', { color: '#3B7DD8' }),
    tag('tag_inv_recurring', 'recurring', { color: null }),
  ],
  trigger: null,
  sources: ['APP', 'API', 'API', 'WORKFLOW'],
  firstNumber: 2041,
  subject: invoiceSubject,
}

/** Most of its records come from an external loan system, and one of its rules is disabled. */
export const loans: CollectionDefinition = {
  id: 'col_loans',
  name: 'Loan packages',
  description: null,
  config: {
    id: 'config_loans_9',
    rules: [
      rule('CLASSIFY_PACKAGE', 'Package is complete', 'FAIL', classify, 'first'),
      rule('EXTRACT_INCOME', 'Income can be read', 'FAIL', extract),
      rule('VERIFY_EMPLOYMENT', 'Employer confirms', 'FAIL', verify),
      rule('VERIFY_COLLATERAL', 'Property is registered', 'WARN', verify),
      rule('CHECK_FLOOD_ZONE', 'Flood zone', 'WARN', verify, 'disabled'),
    ],
    mappings: [mapping('document', 'CLASSIFY_PACKAGE', ['EXTRACT_INCOME', 'VERIFY_EMPLOYMENT', 'VERIFY_COLLATERAL'])],
    created_at: '2024-12-01',
    updated_at: '2025-05-06',
  },
  tags: [
    tag('tag_loan_refinance', 'refinance', { color: '#2E9E6B' }),
    tag('tag_loan_first_home', 'first home', { color: '#E0A030' }),
    // Older tags lack even the field.
    tag('tag_loan_legacy', 'legacy', {}),
  ],
  trigger: { id: 'trg_encompass', type: 'ENCOMPASS', name: 'Submitted loans' },
  sources: ['TRIGGER', 'TRIGGER', 'APP', 'API'],
  firstNumber: 173,
  subject: loanSubject,
}

export const COLLECTIONS: readonly CollectionDefinition[] = [invoices, loans]

function rule(
  key: string,
  name: string,
  onFail: WireVerdict,
  workflow: WorkflowDefinition,
  kind?: 'first' | 'disabled',
): WireCollectionRule {
  const disabled = kind === 'disabled'
  return {
    name,
    key,
    // The only value known; other rules lack the field.
    ...(kind === 'first' && { execution_order: 'before-all' }),
    on_success: 'PASS',
    on_fail: onFail,
    workflow_id: workflow.id,
    workflow_version_id: workflow.versionId,
    workflow_use_latest: !disabled,
    workflow_input_default: null,
    ...(disabled && { disabled }),
  }
}

function mapping(path: string, source: string, destinations: readonly string[]) {
  return { source_path: `${source}:${path}`, destination_paths: destinations.map((key) => `${key}:${path}`) }
}

function tag(id: string, name: string, color: Pick<WireTag, 'color'>): WireTag {
  return { id, name, ...color, app_id: OWN_APP.id, created_at: '2024-11-05', updated_at: '2025-02-17' }
}
