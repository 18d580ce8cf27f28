import type { StatusReader } from '../../../job/status-reader.js'

/** The status readers; one set per vendor, because they remember which unknown statuses they have logged. */
export interface StatusReaders {
  readonly record: StatusReader
  /** Runs and their steps have the same statuses. */
  readonly run: StatusReader
}
