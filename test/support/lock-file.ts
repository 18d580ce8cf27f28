/** An entry of package-lock.json, as far as it is looked at. */
export interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  /** Whether it is there for development alone. */
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
}

export type LockFile = Readonly<Record<string, LockEntry>>

/** What may be part of a product that is under another licence, without conditions but to name its authors. */
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']

/**
 * What may besides be used to build and test, and is not passed on: as permissive, but of other words (BlueOak, Python's,
 * CC-BY for caniuse's data), or with conditions on those who pass on changed copies (Mozilla's, of Vite's CSS compiler).
 */
const LICENCES_TO_BUILD_WITH = [
  ...LICENCES,
  '(MIT OR Apache-2.0)',
  'BlueOak-1.0.0',
  'Python-2.0',
  'CC-BY-4.0',
  'MPL-2.0',
]

/** The entries of packages that are installed with the gateway, by their paths. */
export function productionOf(packages: LockFile): [path: string, entry: LockEntry][] {
  return Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev)
}

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Everything about a lock file's packages that must not be. */
export function findViolations(packages: LockFile): string[] {
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, entry]) => complaints(entry).map((complaint) => `${path}: ${complaint}`))
}

/** @param licence what the package says of itself, where that is known to be something else than what the lock file has */
export function isLicenceAllowed(licence: string | undefined, dev = false): boolean {
  return (dev ? LICENCES_TO_BUILD_WITH : LICENCES).includes(licence ?? '')
}

function complaints({ resolved, integrity, license, link, dev, hasInstallScript }: LockEntry): string[] {
  // Without an address it is the configured registry's, and the hash says that it is the same package there.
  const isFromRegistry = !link && (resolved ?? REGISTRY).startsWith(REGISTRY)
  return [
    ...(isFromRegistry ? [] : [`comes from ${resolved}`]),
    ...(/^sha512-[\w+/]{86}==$/.test(integrity ?? '') ? [] : ['has no sha512']),
    ...(isLicenceAllowed(license, dev) ? [] : [`is licensed as ${license}`]),
    ...(hasInstallScript && !dev ? ['runs a script when it is installed'] : []),
  ]
}

const REGISTRY = 'https://registry.npmjs.org/'
