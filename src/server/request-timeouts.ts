/**
 * Timeouts for the headers and for the whole of a request, and how often Node checks them, in ms. Requests are small, so
 * a slow one only holds a connection.
 */
export const REQUEST_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5000,
}
