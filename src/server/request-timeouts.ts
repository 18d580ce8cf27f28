/**
 * How long a request's headers may take, and all of it, in ms, and how often Node looks. What is taken here is small, so
 * who needs longer is holding a connection.
 */
export const REQUEST_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
}
