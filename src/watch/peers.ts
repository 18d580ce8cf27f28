import type { PeerMessage } from './peer-message.js'

/** Instances that watch the same jobs: one of them looks at each job for all. */
export interface Peers {
  /**
   * Takes part in the choice of who looks at a job.
   * @param job its key, the same on every instance
   * @param onLead told whether it is this instance, as soon as that is known and whenever it changes
   * @returns what gives it up
   */
  campaign(job: string, onLead: (isLeader: boolean) => void): () => void
  /** Tells all the others. May get lost. */
  tell(message: PeerMessage): void
  /** Hears what the others tell, from now on. To be called once. */
  listen(listener: PeerListener): void
  close(): Promise<void>
}

export interface PeerListener {
  readonly onMessage: (message: PeerMessage) => void
  /** Messages may have been missed. */
  readonly onGap: () => void
}

/** For an instance without others. */
export const NO_PEERS: Peers = {
  campaign(_job, onLead) {
    onLead(true)
    return () => {}
  },
  tell() {},
  listen() {},
  close: () => Promise.resolve(),
}
