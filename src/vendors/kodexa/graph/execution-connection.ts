import { builder } from '../../../graph/builder.js'
import type { PaginatedConnection } from '../../../graph/paginate.js'
import type { Execution } from '../normalise/execution.js'

export const ExecutionType = builder.objectRef<Execution>('Execution')

export const ExecutionConnection = builder.connectionObject(
  {
    type: ExecutionType,
    name: 'ExecutionConnection',
    description: 'A list of executions, newest first.',
    fields: (t) => ({
      totalCount: t.int({
        description:
          'The number of items in the whole list. Null when the vendor does not say, and when the gateway filters the list itself.',
        resolve: (connection) => (connection as unknown as PaginatedConnection<Execution>).totalCount,
      }),
    }),
  },
  { name: 'ExecutionEdge', description: 'An execution in a list.' },
)
