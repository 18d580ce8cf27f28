// Adds up what the test runs counted, in one plain last line.
import { readFileSync } from 'node:fs'

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const sum = (field) => runs.reduce((total, run) => total + run[field], 0)
const [passed, failed] = [sum('numPassedTests'), sum('numFailedTests')]
console.log(`${passed} passed, ${failed} failed`)
if (passed === 0 || failed > 0) process.exitCode = 1
