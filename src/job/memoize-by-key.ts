/**
 * Calls `work` at most once per key; later calls get the promise of the first. Cancels go through it, so that one
 * operation cannot send the same cancel twice, whatever aliases, lists and spellings it uses.
 * @param onStart called when the work for a new key starts
 */
export function memoizeByKey<Argument, Result>(
  keyOf: (argument: Argument) => string,
  work: (argument: Argument) => Promise<Result>,
  onStart: (argument: Argument, result: Promise<Result>) => void,
): (argument: Argument) => Promise<Result> {
  const results = new Map<string, Promise<Result>>()
  return (argument) => {
    const key = keyOf(argument)
    const existing = results.get(key)
    if (existing) return existing
    const result = work(argument)
    results.set(key, result)
    onStart(argument, result)
    return result
  }
}
