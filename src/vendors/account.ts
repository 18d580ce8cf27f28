import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { VendorError } from '../job/errors.js'
import type { ReadableHeaders } from '../job/readable-headers.js'
import { Secret } from '../job/secret.js'
import type { Vendor, VendorRequest, VendorSession } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import type { ConnectedVendor } from './module.js'

/** What a vendor is to one credential. What is read with it is kept in here, or under its scope. */
export interface Account {
  readonly scope: string
  open(request: VendorRequest): VendorSession
}

/** What a vendor is to everybody. */
export type VendorBase = Omit<Vendor, 'scope' | 'open' | 'seenBy' | 'callerHeader'>

/** The part of a vendor's settings that says who asks. */
export interface CredentialSettings extends Pick<VendorCredential, 'headers'> {
  /** Null where callers bring their own. */
  readonly apiKey: Secret | null
}

type AccountOf = (credential: VendorCredential) => Account

/** Callers' accounts that are remembered, those used last. One that is forgotten is made again. */
const MAX_ACCOUNTS = 1000
/** Visible ASCII. Without a comma, with which Node joins what comes twice. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,4096}$/

/** A vendor whose credential the gateway holds, or to which callers bring theirs, in `x-<vendor>-api-key`. */
export function connectAccounts(base: VendorBase, settings: CredentialSettings, accountOf: AccountOf): ConnectedVendor {
  const credential = credentialIn(settings)
  return credential ? holdCredential(base, credential, accountOf) : passCredentials(base, settings.headers, accountOf)
}

/** The credential that the gateway holds; null where callers bring their own. */
export function credentialIn({ apiKey, headers }: CredentialSettings): VendorCredential | null {
  return apiKey && { apiKey, headers, isCallers: false }
}

function holdCredential(base: VendorBase, credential: VendorCredential, accountOf: AccountOf): ConnectedVendor {
  let account = accountOf(credential)
  return {
    ...base,
    get scope() {
      return account.scope
    },
    open: (request) => account.open(request),
    rekey(next) {
      account = accountOf(next)
    },
  }
}

function passCredentials(
  base: VendorBase,
  headers: VendorCredential['headers'],
  accountOf: AccountOf,
): ConnectedVendor {
  const header = `x-${base.name.toLowerCase()}-api-key`
  const accounts = new LRUCache<string, Vendor>({ max: MAX_ACCOUNTS })

  function vendorOf(key: string): Vendor {
    const name = createHash('sha256').update(key).digest('base64url')
    const known = accounts.get(name)
    if (known) return known
    const vendor = { ...base, ...accountOf({ apiKey: new Secret(key), headers, isCallers: true }) }
    accounts.set(name, vendor)
    return vendor
  }

  const nobodys: Vendor = {
    ...base,
    callerHeader: header,
    scope: 'nobody',
    open() {
      const message = `This gateway holds no credential for ${base.name}: send your own in the header ${header}.`
      throw new VendorError(base.name, 'UNAUTHENTICATED', message)
    },
  }

  function seenBy(shown: ReadableHeaders): Vendor {
    const key = shown.get(header)?.trim() ?? ''
    return KEY.test(key) ? vendorOf(key) : nobodys
  }

  return { ...nobodys, seenBy }
}
