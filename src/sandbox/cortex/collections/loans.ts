import { loanSubject } from '../subjects/loan.js'
import { classify } from '../workflows/classify.js'
import { extract } from '../workflows/extract.js'
import { verify } from '../workflows/verify.js'
import { rule, tag, type CollectionDefinition } from './collection-definition.js'

/** `col_loans`: most records come from an outside loan system, and one rule is switched off. */
export const loans: CollectionDefinition = {
  id: 'col_loans',
  name: 'Loan packages',
  description: null,
  config: {
    id: 'config_loans_9',
    rules: [
      rule({ key: 'CLASSIFY_PACKAGE', name: 'Package is complete', onFail: 'FAIL', workflow: classify, first: true }),
      rule({ key: 'EXTRACT_INCOME', name: 'Income can be read', onFail: 'FAIL', workflow: extract }),
      rule({ key: 'VERIFY_EMPLOYMENT', name: 'Employer confirms', onFail: 'FAIL', workflow: verify }),
      rule({ key: 'VERIFY_COLLATERAL', name: 'Property is registered', onFail: 'WARN', workflow: verify }),
      rule({ key: 'CHECK_FLOOD_ZONE', name: 'Flood zone', onFail: 'WARN', workflow: verify, disabled: true }),
    ],
    mappings: [
      {
        source_path: 'CLASSIFY_PACKAGE:document',
        destination_paths: ['EXTRACT_INCOME:document', 'VERIFY_EMPLOYMENT:document', 'VERIFY_COLLATERAL:document'],
      },
    ],
    created_at: '2024-12-01',
    updated_at: '2025-05-06',
  },
  tags: [
    tag('tag_loan_refinance', 'refinance', '#2E9E6B'),
    tag('tag_loan_first_home', 'first home', '#E0A030'),
    tag('tag_loan_legacy', 'legacy'),
  ],
  trigger: { id: 'trg_encompass', type: 'ENCOMPASS', name: 'Submitted loans' },
  sources: ['TRIGGER', 'TRIGGER', 'APP', 'API'],
  firstNumber: 173,
  subject: loanSubject,
}
