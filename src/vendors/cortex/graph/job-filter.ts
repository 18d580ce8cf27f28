import { InputFieldBuilder } from '@pothos/core'
import { builder } from '../../../graph/builder.js'
import { JobFilterInput } from '../../../graph/jobs.js'

/** Adds Cortex's fields to {@link JobFilterInput}; see `SourceFilter` in `session.ts`. */
JobFilterInput.addFields(() => {
  const t = new InputFieldBuilder(builder, 'InputObject')
  return {
    cortexCollectionIds: t.idList({
      description:
        "Cortex: list the records of these collections, and of no others. When both filters are omitted, the server's configured collections and workflows are used or, without any, the first 20 of each in the app. At most 50 collections and workflows together.",
    }),
    cortexWorkflowIds: t.idList({
      description:
        "Cortex: list the runs of these workflows, and of no others. When both filters are omitted, the server's configured collections and workflows are used or, without any, the first 20 of each in the app. At most 50 collections and workflows together.",
    }),
  }
})
