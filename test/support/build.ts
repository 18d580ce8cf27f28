import { execFileSync } from 'node:child_process'

/** Compiles src into dist before a suite that starts the gateway as a process. */
export function setup(): void {
  execFileSync('npx', ['tsc'], { stdio: 'inherit' })
}
