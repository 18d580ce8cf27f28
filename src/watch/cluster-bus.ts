import type { ClusterMessage } from './cluster-message.js'

/** Instances that watch the same jobs: one of them looks at each job for all. */
export interface ClusterBus {
  /**
   * Takes part in the choice of who looks at a job.
   * @param job its key, the same on every instance
   * @param onLead told whether it is this instance, as soon as that is known and whenever it changes
   * @returns what gives it up
   */
  acquireLeadership(job: string, onLead: (isLeader: boolean) => void): () => void
  /** Tells all the others. May get lost. */
  publish(message: ClusterMessage): void
  /** Hears what the others tell, from now on. To be called once. */
  subscribe(listener: ClusterListener): void
  close(): Promise<void>
}

export interface ClusterListener {
  readonly onMessage: (message: ClusterMessage) => void
  /** Messages may have been missed. */
  readonly onGap: () => void
}

/** For an instance without others. */
export const SINGLE_INSTANCE: ClusterBus = {
  acquireLeadership(_job, onLead) {
    onLead(true)
    return () => {}
  },
  publish() {},
  subscribe() {},
  close: () => Promise.resolve(),
}
