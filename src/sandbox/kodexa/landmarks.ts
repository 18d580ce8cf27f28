import type { SeedWishes } from './seeded-execution.js'
import { DAY, HOUR, MINUTE, SECOND } from './time.js'

/** The ids that documentation and tests can count on. */
export const LANDMARKS = {
  runningForDays: '00000000-0000-4000-8000-000000000001',
  /** Has two children. */
  succeeded: '00000000-0000-4000-8000-000000000002',
  /** With validation errors. */
  failed: '00000000-0000-4000-8000-000000000003',
  pendingForDays: '00000000-0000-4000-8000-000000000004',
  cancelled: '00000000-0000-4000-8000-000000000005',
} as const

/** Takes the moment the sandbox starts, gives what is decided about the execution of each such id. */
export function landmarkWishes(start: number): readonly SeedWishes[] {
  const wait = { requestedMs: SECOND, queuedMs: 20 * SECOND }
  return [
    {
      id: LANDMARKS.runningForDays,
      example: 10,
      plan: { createdAt: start - 9 * HOUR, ...wait, runMs: 5 * DAY, ending: 'SUCCEEDED' },
    },
    {
      id: LANDMARKS.succeeded,
      example: 0,
      plan: { createdAt: start - 2 * HOUR, ...wait, runMs: 6 * MINUTE, ending: 'SUCCEEDED' },
    },
    {
      id: LANDMARKS.failed,
      example: 1,
      failure: 'validation',
      plan: { createdAt: start - 95 * MINUTE, ...wait, runMs: 2 * MINUTE, ending: 'FAILED' },
    },
    {
      id: LANDMARKS.pendingForDays,
      example: 20,
      plan: { createdAt: start - 50 * MINUTE, ...wait, queuedMs: 9 * DAY, runMs: 5 * MINUTE, ending: 'SUCCEEDED' },
    },
    {
      id: LANDMARKS.cancelled,
      example: 11,
      plan: {
        createdAt: start - 4 * HOUR,
        ...wait,
        runMs: HOUR,
        ending: 'SUCCEEDED',
        cancelRequestedAt: start - 4 * HOUR + 8 * MINUTE,
      },
    },
  ]
}
