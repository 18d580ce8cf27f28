import { onTestFinished } from 'vitest'
import { openSandboxedGateway, type SandboxedGateway, type SandboxedOptions } from './sandboxes.js'

/** Closes these, one after the other, when the running test is over. */
export function closeAfterTest(...closers: readonly (() => Promise<void>)[]): void {
  onTestFinished(async () => {
    for (const close of closers) await close()
  })
}

/** A gateway in front of both sandboxes, for the running test. */
export async function openSandboxedForTest(options: SandboxedOptions = {}): Promise<SandboxedGateway> {
  const gateway = await openSandboxedGateway(options)
  closeAfterTest(gateway.close)
  return gateway
}
