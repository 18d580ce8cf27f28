import type { StatusReader } from '../../../job/status-reader.js'

/** How status words are read; one set for each vendor, because it remembers which odd words it has reported. */
export interface StatusReaders {
  readonly record: StatusReader
  /** Runs and their steps use the same words. */
  readonly run: StatusReader
}
