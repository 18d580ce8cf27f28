import type { ClusterMessage } from './cluster-message.js'

/** Connects instances that watch the same jobs: one leader per job polls it for all of them. */
export interface ClusterBus {
  /**
   * Joins the leader election of a job.
   * @param job its key, the same on every instance
   * @param onLeaderChange called as soon as the leader is known, and whenever this instance gains or loses leadership
   * @returns a function that leaves the election
   */
  acquireLeadership(job: string, onLeaderChange: (isLeader: boolean) => void): () => void
  /** Sends a message to all other instances. Delivery is not guaranteed. */
  publish(message: ClusterMessage): void
  /** Receives the messages of the other instances from now on. Call it once. */
  subscribe(listener: ClusterListener): void
  close(): Promise<void>
}

export interface ClusterListener {
  readonly onMessage: (message: ClusterMessage) => void
  /** Messages may have been lost. */
  readonly onGap: () => void
}

/** The bus of an instance that runs alone: it leads every job. */
export const SINGLE_INSTANCE: ClusterBus = {
  acquireLeadership(_job, onLeaderChange) {
    onLeaderChange(true)
    return () => {}
  },
  publish() {},
  subscribe() {},
  close: () => Promise.resolve(),
}
