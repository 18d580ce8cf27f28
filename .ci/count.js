// Adds up what the test runs counted, in one plain last line. A test that ran in two suites counts once, and failed if it
// failed in either.
import { readFileSync } from 'node:fs'

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const outcomes = new Map()
for (const { name: file, assertionResults } of runs.flatMap(({ testResults }) => testResults)) {
  // Tests of one file may share a title.
  const seen = new Map()
  for (const { fullName, status } of assertionResults) {
    const number = (seen.get(fullName) ?? 0) + 1
    seen.set(fullName, number)
    const key = `${file} ${fullName} ${number}`
    if (outcomes.get(key) !== 'failed') outcomes.set(key, status)
  }
}
const count = (wanted) => [...outcomes.values()].filter((status) => status === wanted).length
const [passed, failed] = [count('passed'), count('failed')]
console.log(`${passed} passed, ${failed} failed`)
// A file that does not load has no tests that could fail.
if (passed === 0 || failed > 0 || runs.some(({ success }) => !success)) process.exitCode = 1
