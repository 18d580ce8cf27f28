/**
 * How many random inputs a property tries: `full` in the fuzz suite, at most `fast` in the fast one.
 *
 * Every file that imports this runs in both suites: see vitest.config.ts.
 */
export function runCount(full: number, fast = Math.min(full, 50)): number {
  return process.env['DOCKET_ALL_RUNS'] === '1' ? full : fast
}
