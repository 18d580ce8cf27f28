import { InputFieldBuilder } from '@pothos/core'
import { builder } from '../../../graph/builder.js'
import { JobFilterInput } from '../../../graph/jobs.js'

/** What only Cortex understands of a {@link JobFilterInput}: see its `SourceFilter`. */
JobFilterInput.addFields(() => {
  const t = new InputFieldBuilder(builder, 'InputObject')
  return {
    cortexCollectionIds: t.idList({
      description:
        "Cortex: look for records in these collections, and nowhere but in places named so. Without either, it is the server's configured places or, if there are none, the first 20 collections and the first 20 workflows there are. At most 50 places in all.",
    }),
    cortexWorkflowIds: t.idList({
      description:
        "Cortex: look for runs of these workflows, and nowhere but in places named so. Without either, it is the server's configured places or, if there are none, the first 20 collections and the first 20 workflows there are. At most 50 places in all.",
    }),
  }
})
