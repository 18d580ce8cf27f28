import { invoiceSubject } from '../subjects/invoice.js'
import { classify } from '../workflows/classify.js'
import { extract } from '../workflows/extract.js'
import { verify } from '../workflows/verify.js'
import { rule, tag, type CollectionDefinition } from './collection-definition.js'

/** `col_invoices`: records made by people, by the API and by workflows. */
export const invoices: CollectionDefinition = {
  id: 'col_invoices',
  name: 'Invoices',
  description: 'Incoming invoices, checked before they are paid.',
  config: {
    id: 'config_invoices_3',
    rules: [
      rule({ key: 'CLASSIFY_DOCUMENT', name: 'Is it an invoice?', onFail: 'FAIL', workflow: classify, first: true }),
      rule({ key: 'EXTRACT_TOTALS', name: 'Totals can be read', onFail: 'FAIL', workflow: extract }),
      rule({ key: 'VERIFY_VENDOR', name: 'Vendor is known', onFail: 'WARN', workflow: verify }),
    ],
    mappings: [
      {
        source_path: 'CLASSIFY_DOCUMENT:document',
        destination_paths: ['EXTRACT_TOTALS:document', 'VERIFY_VENDOR:document'],
      },
      { source_path: 'EXTRACT_TOTALS:facts', destination_paths: ['VERIFY_VENDOR:facts'] },
    ],
    created_at: '2024-11-05',
    updated_at: '2025-04-28',
  },
  tags: [
    tag('tag_inv_urgent', 'urgent', '#D64545'),
    tag('tag_inv_foreign', 'foreign currency', '#3B7DD8'),
    tag('tag_inv_recurring', 'recurring', null),
  ],
  trigger: null,
  sources: ['APP', 'API', 'API', 'WORKFLOW'],
  firstNumber: 2041,
  subject: invoiceSubject,
}
