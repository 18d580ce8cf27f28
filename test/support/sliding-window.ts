/**
 * The most of these that any window holds, wherever it begins; both its ends belong to it.
 * @param times in ms, in any order
 */
export function slidingMaximum(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  let first = 0
  let most = 0
  sorted.forEach((time, last) => {
    while (time - sorted[first]! > windowMs) first++
    most = Math.max(most, last - first + 1)
  })
  return most
}
