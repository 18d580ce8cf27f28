import type { Config } from '../config/config.js'

/** What `npm start` prints once it listens. */
export interface WelcomeLines {
  readonly listening: string
  /** To be shown when no vendor is connected. */
  readonly sandbox: string
  /** Where to go next, for people at a terminal. */
  readonly hints: readonly string[]
}

/**
 * @param config what is served, and who may use it
 * @param url where `/graphql` is served
 */
export function welcomeLines(
  {
    auth,
    graphiql,
    persistedOperations,
    vendors,
  }: Pick<Config, 'auth' | 'graphiql' | 'persistedOperations' | 'vendors'>,
  url: string,
): WelcomeLines {
  const needsCredential = auth.keys !== null || auth.tokens !== null
  const credential = needsCredential ? " -H 'authorization: Bearer <API key or token>'" : ''
  // Of the sandbox there is a job to see; what others have is not known here.
  const query = vendors === null ? '{ jobs(first: 3) { nodes { name status } } }' : '{ vendors { vendor reachable } }'
  return {
    listening: `listening on ${url}`,
    sandbox:
      'SANDBOX: no vendor is connected, and every job is made up. Set CORTEX_API_KEY or KODEXA_API_KEY to connect one.',
    hints: [
      ...(graphiql ? [`GraphiQL: open ${url} in a browser`] : []),
      // With nothing but persisted operations, only the operator knows what can be sent.
      ...(persistedOperations?.only
        ? []
        : [`or try: curl ${url} -H 'content-type: application/json'${credential} -d '${JSON.stringify({ query })}'`]),
    ],
  }
}
