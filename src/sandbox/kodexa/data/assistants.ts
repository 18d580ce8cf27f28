/** A step of an assistant's pipeline, and what its module reports while it runs. */
export interface ModuleStep {
  readonly name: string
  readonly ref: string
  readonly stepType: 'MODEL' | 'ACTION'
  /** The type of its status messages. */
  readonly messageType: 'THINKING' | 'SEARCHING' | 'PLANNING' | 'REVIEWING' | 'PROCESSING' | 'ANALYZING' | 'WRITING'
  readonly message: string
  readonly conditional?: string
}

/** An assistant: what it does, in which steps, and where it stores the result. */
export interface Assistant {
  readonly id: string
  /** The descriptions of its executions start with this. */
  readonly task: string
  readonly steps: readonly ModuleStep[]
  readonly storeRef: string
  readonly taxonomyRef: string
  readonly label: string
}

const READ_TEXT = step('Read text', 'pdf-text-layer', 'MODEL', 'PROCESSING', 'Reading the pages')
const STORE_RESULT = step('Store result', 'data-store-writer', 'ACTION', 'WRITING', 'Writing the extracted data')

export const ASSISTANTS: readonly [Assistant, Assistant, Assistant] = [
  {
    id: '00000000-0000-4000-8000-0000000000a1',
    task: 'Extract the lines of',
    steps: [
      READ_TEXT,
      step('Find tables', 'table-finder', 'MODEL', 'SEARCHING', 'Looking for tables'),
      step('Extract lines', 'invoice-lines', 'MODEL', 'ANALYZING', 'Matching lines to the taxonomy'),
      STORE_RESULT,
    ],
    storeRef: 'store://acme/invoices',
    taxonomyRef: 'taxonomy://acme/invoice',
    label: 'invoice',
  },
  {
    id: '00000000-0000-4000-8000-0000000000a2',
    task: 'Summarise the obligations in',
    steps: [
      READ_TEXT,
      step('Split clauses', 'clause-splitter', 'MODEL', 'PLANNING', 'Splitting the text into clauses'),
      step('Find obligations', 'obligations', 'MODEL', 'THINKING', 'Weighing each clause'),
      {
        ...step('Check against playbook', 'playbook-check', 'MODEL', 'REVIEWING', 'Comparing with the playbook'),
        conditional: "metadata.kind == 'contract'",
      },
      STORE_RESULT,
    ],
    storeRef: 'store://acme/contracts',
    taxonomyRef: 'taxonomy://acme/contract',
    label: 'contract',
  },
  {
    id: '00000000-0000-4000-8000-0000000000a3',
    task: 'Triage',
    steps: [
      READ_TEXT,
      step('Classify', 'claim-classifier', 'MODEL', 'ANALYZING', 'Choosing a class'),
      step('Route', 'claim-router', 'ACTION', 'PLANNING', 'Choosing a desk'),
    ],
    storeRef: 'store://acme/claims',
    taxonomyRef: 'taxonomy://acme/claim',
    label: 'claim',
  },
]

function step(
  name: string,
  module: string,
  stepType: ModuleStep['stepType'],
  messageType: ModuleStep['messageType'],
  message: string,
): ModuleStep {
  return { name, ref: `module://acme/${module}`, stepType, messageType, message }
}
