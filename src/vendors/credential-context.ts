import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { VendorError } from '../job/errors.js'
import type { HeaderReader } from '../job/header-reader.js'
import { Secret } from '../job/secret.js'
import type { Vendor, VendorRequest, VendorSession } from '../job/vendor.js'
import type { VendorCredential } from '../job/vendor-credential.js'
import type { ConnectedVendor } from './module.js'

/** A vendor bound to one credential. Whatever is read with it is cached here, or under its key. */
export interface CredentialContext {
  readonly credentialKey: string
  open(request: VendorRequest): VendorSession
}

/** The part of a vendor that is the same for every credential. */
export type VendorCore = Omit<Vendor, 'credentialKey' | 'open' | 'withCredential' | 'callerHeader'>

/** The settings that make up a credential. */
export interface CredentialSettings extends Pick<VendorCredential, 'headers'> {
  /** Null when callers send their own. */
  readonly apiKey: Secret | null
}

type ContextFor = (credential: VendorCredential) => CredentialContext

/** Contexts kept for callers' credentials, least recently used dropped first. A dropped one is created again. */
const MAX_CONTEXTS = 1000
/** Visible ASCII without a comma: Node joins repeated headers with commas. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,4096}$/

/** A vendor with the gateway's credential, or with the callers' own from `x-<vendor>-api-key`. */
export function connectWithCredentials(
  core: VendorCore,
  settings: CredentialSettings,
  contextFor: ContextFor,
): ConnectedVendor {
  const credential = credentialOf(settings)
  return credential
    ? withServerCredential(core, credential, contextFor)
    : withCallerCredentials(core, settings.headers, contextFor)
}

/** The gateway's credential; null when callers send their own. */
export function credentialOf({ apiKey, headers }: CredentialSettings): VendorCredential | null {
  return apiKey && { apiKey, headers, isCallers: false }
}

function withServerCredential(core: VendorCore, credential: VendorCredential, contextFor: ContextFor): ConnectedVendor {
  let context = contextFor(credential)
  return {
    ...core,
    get credentialKey() {
      return context.credentialKey
    },
    open: (request) => context.open(request),
    updateCredential(next) {
      context = contextFor(next)
    },
  }
}

function withCallerCredentials(
  core: VendorCore,
  headers: VendorCredential['headers'],
  contextFor: ContextFor,
): ConnectedVendor {
  const header = `x-${core.name.toLowerCase()}-api-key`
  const vendors = new LRUCache<string, Vendor>({ max: MAX_CONTEXTS })

  function vendorFor(key: string): Vendor {
    const hash = createHash('sha256').update(key).digest('base64url')
    const known = vendors.get(hash)
    if (known) return known
    const vendor = { ...core, ...contextFor({ apiKey: new Secret(key), headers, isCallers: true }) }
    vendors.set(hash, vendor)
    return vendor
  }

  const unauthenticated: Vendor = {
    ...core,
    callerHeader: header,
    credentialKey: 'nobody',
    open() {
      const message = `This gateway has no credential for ${core.name}: send your own in the header ${header}.`
      throw new VendorError(core.name, 'UNAUTHENTICATED', message)
    },
  }

  function withCredential(headers: HeaderReader): Vendor {
    const key = headers.get(header)?.trim() ?? ''
    return KEY.test(key) ? vendorFor(key) : unauthenticated
  }

  return { ...unauthenticated, withCredential }
}
