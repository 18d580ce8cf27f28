import type { Upstream } from '../../http/upstream.js'
import { shareAnswers, type SharedAnswers } from '../../reads/shared-answers.js'
import { shareItems, type SharedItems } from '../../reads/shared-items.js'
import type { Sharing } from '../../reads/sharing.js'
import type { Dialect } from './dialect.js'
import { createExecutionSource, type Reading } from './execution-source.js'
import type { Execution } from './normalise/execution.js'
import type { Normaliser } from './normalise/index.js'
import { createRefusals, type Refusals } from './refusals.js'

/** What all requests with one credential share of reading Kodexa. */
export interface KodexaReads {
  readonly executions: SharedItems<string, Execution, Reading>
  readonly answers: SharedAnswers
  /** Status filters that the instance refused. */
  readonly statusRefusals: Refusals
}

export interface KodexaReadsOptions {
  readonly upstream: Upstream
  readonly normaliser: Normaliser
  readonly dialect: Dialect
  readonly sharing: Sharing
  /** Names the credential. */
  readonly scope: string
}

/** To be made once for each credential. */
export function shareKodexaReads({ upstream, normaliser, dialect, sharing, scope }: KodexaReadsOptions): KodexaReads {
  const common = { vendor: 'KODEXA', upstream, sharing, scope } as const
  const source = createExecutionSource(normaliser, dialect)
  return {
    executions: shareItems({ ...common, source }),
    answers: shareAnswers(common),
    statusRefusals: createRefusals(),
  }
}
