/** A step as an assistant's pipeline lists it, and what its module tells of itself while it works. */
export interface ModuleStep {
  readonly name: string
  readonly ref: string
  readonly stepType: 'MODEL' | 'ACTION'
  /** The type of its status messages. */
  readonly mood: 'THINKING' | 'SEARCHING' | 'PLANNING' | 'REVIEWING' | 'PROCESSING' | 'ANALYZING' | 'WRITING'
  readonly doing: string
  readonly conditional?: string
}

/** Who runs executions: what it does, by which steps, and where the result goes. */
export interface Assistant {
  readonly id: string
  /** How the descriptions of its executions begin. */
  readonly task: string
  readonly steps: readonly ModuleStep[]
  readonly storeRef: string
  readonly taxonomyRef: string
  readonly label: string
}

const READ_TEXT: ModuleStep = {
  name: 'Read text',
  ref: 'module://acme/pdf-text-layer',
  stepType: 'MODEL',
  mood: 'PROCESSING',
  doing: 'Reading the pages',
}

const STORE_RESULT: ModuleStep = {
  name: 'Store result',
  ref: 'module://acme/data-store-writer',
  stepType: 'ACTION',
  mood: 'WRITING',
  doing: 'Writing the extracted data',
}

/** The three assistants whose executions the sandbox holds. */
export const ASSISTANTS: readonly [Assistant, Assistant, Assistant] = [
  {
    id: '00000000-0000-4000-8000-0000000000a1',
    task: 'Extract the lines of',
    steps: [
      READ_TEXT,
      {
        name: 'Find tables',
        ref: 'module://acme/table-finder',
        stepType: 'MODEL',
        mood: 'SEARCHING',
        doing: 'Looking for tables',
      },
      {
        name: 'Extract lines',
        ref: 'module://acme/invoice-lines',
        stepType: 'MODEL',
        mood: 'ANALYZING',
        doing: 'Matching lines to the taxonomy',
      },
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
      {
        name: 'Split clauses',
        ref: 'module://acme/clause-splitter',
        stepType: 'MODEL',
        mood: 'PLANNING',
        doing: 'Splitting the text into clauses',
      },
      {
        name: 'Find obligations',
        ref: 'module://acme/obligations',
        stepType: 'MODEL',
        mood: 'THINKING',
        doing: 'Weighing each clause',
      },
      {
        name: 'Check against playbook',
        ref: 'module://acme/playbook-check',
        stepType: 'MODEL',
        mood: 'REVIEWING',
        doing: 'Comparing with the playbook',
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
      {
        name: 'Classify',
        ref: 'module://acme/claim-classifier',
        stepType: 'MODEL',
        mood: 'ANALYZING',
        doing: 'Choosing a class',
      },
      {
        name: 'Route',
        ref: 'module://acme/claim-router',
        stepType: 'ACTION',
        mood: 'PLANNING',
        doing: 'Choosing a desk',
      },
    ],
    storeRef: 'store://acme/claims',
    taxonomyRef: 'taxonomy://acme/claim',
    label: 'claim',
  },
]
