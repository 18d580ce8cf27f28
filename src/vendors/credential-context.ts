import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { VendorError } from '../job/errors.js'
import type { HeaderReader } from '../job/header-reader.js'
import { Secret } from '../job/secret.js'
import type { Vendor, VendorRequest, VendorSession } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import type { ConnectedVendor } from './module.js'

/** What a vendor is to one credential. What is read with it is kept in here, or under its scope. */
export interface CredentialContext {
  readonly credentialKey: string
  open(request: VendorRequest): VendorSession
}

/** What a vendor is to everybody. */
export type VendorCore = Omit<Vendor, 'credentialKey' | 'open' | 'withCredential' | 'callerHeader'>

/** The part of a vendor's settings that says who asks. */
export interface CredentialSettings extends Pick<VendorCredential, 'headers'> {
  /** Null where callers bring their own. */
  readonly apiKey: Secret | null
}

type ContextFor = (credential: VendorCredential) => CredentialContext

/** Callers' accounts that are remembered, those used last. One that is forgotten is made again. */
const MAX_CONTEXTS = 1000
/** Visible ASCII. Without a comma, with which Node joins what comes twice. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,4096}$/

/** A vendor whose credential the gateway holds, or to which callers bring theirs, in `x-<vendor>-api-key`. */
export function connectWithCredentials(
  base: VendorCore,
  settings: CredentialSettings,
  accountOf: ContextFor,
): ConnectedVendor {
  const credential = credentialOf(settings)
  return credential
    ? withServerCredential(base, credential, accountOf)
    : withCallerCredentials(base, settings.headers, accountOf)
}

/** The credential that the gateway holds; null where callers bring their own. */
export function credentialOf({ apiKey, headers }: CredentialSettings): VendorCredential | null {
  return apiKey && { apiKey, headers, isCallers: false }
}

function withServerCredential(base: VendorCore, credential: VendorCredential, accountOf: ContextFor): ConnectedVendor {
  let account = accountOf(credential)
  return {
    ...base,
    get credentialKey() {
      return account.credentialKey
    },
    open: (request) => account.open(request),
    updateCredential(next) {
      account = accountOf(next)
    },
  }
}

function withCallerCredentials(
  base: VendorCore,
  headers: VendorCredential['headers'],
  accountOf: ContextFor,
): ConnectedVendor {
  const header = `x-${base.name.toLowerCase()}-api-key`
  const accounts = new LRUCache<string, Vendor>({ max: MAX_CONTEXTS })

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
    credentialKey: 'nobody',
    open() {
      const message = `This gateway holds no credential for ${base.name}: send your own in the header ${header}.`
      throw new VendorError(base.name, 'UNAUTHENTICATED', message)
    },
  }

  function seenBy(shown: HeaderReader): Vendor {
    const key = shown.get(header)?.trim() ?? ''
    return KEY.test(key) ? vendorOf(key) : nobodys
  }

  return { ...nobodys, withCredential: seenBy }
}
