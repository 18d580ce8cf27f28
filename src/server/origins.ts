/** Whose pages may use the gateway: its own, and those that are listed. */
export interface Origins {
  readonly allowed: readonly string[]
  isAllowed(origin: string): boolean
  /**
   * Whether a page may talk to the gateway, by what its browser says.
   * @param origin the header `Origin`
   * @param host the header `Host`
   */
  mayConnect(origin: string, host: string | undefined): boolean
}

/** @param listed exact origins of other sites: `https://app.example` */
export function createOrigins(listed: readonly string[] = []): Origins {
  const isListed = (origin: string) => listed.includes(origin)
  return {
    allowed: listed,
    isAllowed: isListed,
    mayConnect: (origin, host) => isListed(origin) || isSameHost(origin, host),
  }
}

/** The scheme may differ: behind a proxy that ends TLS, the page's is https. A port that is the scheme's own is left out. */
function isSameHost(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  const isWeb = page.protocol === 'http:' || page.protocol === 'https:'
  const asked = `${page.protocol}//${host}`
  return isWeb && host !== undefined && URL.canParse(asked) && new URL(asked).host === page.host
}
