/**
 * The same work at most once for each key: whoever asks again gets the first answer. Cancels go through it, so that
 * one operation cannot send the same one twice, whatever aliases, lists and spellings it has.
 */
export function onceEach<Argument, Result>(
  keyOf: (argument: Argument) => string,
  work: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  const begun = new Map<string, Promise<Result>>()
  return (argument) => {
    const key = keyOf(argument)
    const result = begun.get(key) ?? work(argument)
    begun.set(key, result)
    return result
  }
}
