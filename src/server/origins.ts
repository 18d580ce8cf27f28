/** The pages that may use the gateway: those of its own host, and those of allowed origins. */
export interface Origins {
  readonly allowed: readonly string[]
  isAllowed(origin: string): boolean
  /**
   * Whether a page may talk to the gateway.
   * @param origin the header `Origin`
   * @param host the header `Host`
   */
  mayConnect(origin: string, host: string | undefined): boolean
}

/** @param allowed exact origins of other sites: `https://app.example` */
export function createOrigins(allowed: readonly string[] = []): Origins {
  const isAllowed = (origin: string) => allowed.includes(origin)
  return { allowed, isAllowed, mayConnect: (origin, host) => isAllowed(origin) || isSameHost(origin, host) }
}

/** Schemes may differ, because a proxy may end TLS. Default ports are left out by browsers. */
function isSameHost(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  const isWeb = page.protocol === 'http:' || page.protocol === 'https:'
  const target = `${page.protocol}//${host}`
  return isWeb && host !== undefined && URL.canParse(target) && new URL(target).host === page.host
}
