import { begunSince, isRefusedFor, type Caller } from '../http/caller.js'
import type { VendorName } from '../job/vendor-name.js'
import type { Sharing } from './sharing.js'
import { createSingleFlight } from './single-flight.js'

/** Lists, and whatever else is no job by its address, as all requests with one credential read them. */
export interface SharedAnswers {
  /**
   * From what was read a moment ago, from what is under way, or read now.
   * @param name says what is read, with everything that its answer depends on
   * @param read is given a caller that stands for all who want it
   */
  read<T>(name: readonly unknown[], caller: Caller, read: (caller: Caller) => Promise<T>): Promise<T>
  /** The same for what hardly ever changes, and by nothing that is done here: kept so long, whatever {@link forget} says. */
  readLasting<T>(
    name: readonly unknown[],
    caller: Caller,
    read: (caller: Caller) => Promise<T>,
    keepMs: number,
  ): Promise<T>
  /** The same without what was read a moment ago: for those who want to know how the vendor is now. */
  readNow<T>(name: readonly unknown[], caller: Caller, read: (caller: Caller) => Promise<T>): Promise<T>
  /** Something was changed at the vendor: nothing older is shown any more. */
  forget(): void
}

export interface SharedAnswersOptions {
  readonly vendor: VendorName
  readonly sharing: Sharing
  /** Names the credential. */
  readonly scope: string
}

/** Reads each answer once for everybody who wants it at about the same time. */
export function shareAnswers({ vendor, sharing: { freshness }, scope }: SharedAnswersOptions): SharedAnswers {
  const flights = createSingleFlight<unknown>()
  let changes = 0

  const keyOf = (name: readonly unknown[]) => `${scope} ${changes} ${JSON.stringify(name)}`
  const lastingKeyOf = (name: readonly unknown[]) => `${scope} lasting ${JSON.stringify(name)}`

  function join(key: string, caller: Caller, read: (caller: Caller) => Promise<unknown>): Promise<unknown> {
    return flights.join({
      key: `${key} ${caller.priority}`,
      signal: caller.signal,
      since: begunSince(caller),
      begin: (signal) => read({ ...caller, signal }),
      onShared: () => caller.meter.add(vendor, { shared: 1 }),
      isTheirs: (error) => isRefusedFor(error, caller),
    })
  }

  async function readKept<T>(key: string, caller: Caller, read: (caller: Caller) => Promise<T>, keepMs?: number) {
    const kept = caller.age === 'new' ? undefined : await freshness.answer<T>(key)
    if (kept !== undefined) {
      caller.meter.add(vendor, { cached: 1 })
      return kept
    }
    const answer = join(key, caller, async (shared) => {
      const asOf = Date.now()
      const answer = await read(shared)
      freshness.keepAnswer(key, answer, asOf, keepMs)
      return answer
    })
    return (await answer) as T
  }

  return {
    read: (name, caller, read) => readKept(keyOf(name), caller, read),
    readLasting: (name, caller, read, keepMs) => readKept(lastingKeyOf(name), caller, read, keepMs),
    readNow: async <T>(name: readonly unknown[], caller: Caller, read: (caller: Caller) => Promise<T>) =>
      (await join(keyOf(name), caller, read)) as T,
    forget() {
      changes++
    },
  }
}
