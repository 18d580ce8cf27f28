import { builder } from '../../../graph/builder.js'
import type { PaginatedConnection } from '../../../graph/paginate.js'
import type { Execution } from '../normalise/execution.js'

export const ExecutionType = builder.objectRef<Execution>('Execution')

export const ExecutionConnection = builder.connectionObject(
  {
    type: ExecutionType,
    name: 'ExecutionConnection',
    description: 'Executions, newest first.',
    fields: (t) => ({
      totalCount: t.int({
        description:
          'How many there are in all, as the vendor counts them. Null where it does not say, and where the list had to be filtered here.',
        resolve: (connection) => (connection as unknown as PaginatedConnection<Execution>).totalCount,
      }),
    }),
  },
  { name: 'ExecutionEdge', description: 'An execution in a list.' },
)
