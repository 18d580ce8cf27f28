/**
 * The same work at most once for each key: whoever asks again gets the first answer. Cancels go through it, so that
 * one operation cannot send the same one twice, whatever aliases, lists and spellings it has.
 * @param onBegin told of the work when it begins
 */
export function memoizeByKey<Argument, Result>(
  keyOf: (argument: Argument) => string,
  work: (argument: Argument) => Promise<Result>,
  onBegin: (argument: Argument, result: Promise<Result>) => void,
): (argument: Argument) => Promise<Result> {
  const begun = new Map<string, Promise<Result>>()
  return (argument) => {
    const key = keyOf(argument)
    const known = begun.get(key)
    if (known) return known
    const result = work(argument)
    begun.set(key, result)
    onBegin(argument, result)
    return result
  }
}
