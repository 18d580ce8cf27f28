/** What fields cost, in the requests to vendors that they take at worst. */

export const ONE_REQUEST = 1

/** The job's own request, and its share of looking for several through a list that turns out not to have them. */
export const READ_BY_ID = 2

/** The cancel, and one look at the job where that is refused. */
export const CANCEL = 2
