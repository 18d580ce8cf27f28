/** The complexity of fields: the number of vendor requests that they take at most. */

export const ONE_REQUEST = 1

/** One request for the job, plus its share of a list read that turns out not to include it. */
export const READ_BY_ID = 2

/** The cancel, plus one read of the job when the vendor rejects it. */
export const CANCEL = 2
