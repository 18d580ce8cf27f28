/** The package's public face, for those who embed the gateway. Importing it has no side effect but defining types. */
export { createGateway, type Gateway, type GatewayOptions } from './gateway.js'
export {
  createAuthenticate,
  createCallers,
  everybody,
  type Authenticate,
  type AuthSettings,
  type Callers,
} from './auth/authenticate.js'
export { createApiKey, type ApiKey } from './auth/api-key.js'
export type { Identity, Role } from './auth/identity.js'
export type { RoleClaim } from './auth/role-claim.js'
export type { TokenSettings } from './auth/token-reader.js'
export { DEFAULT_LIMITS, type Limits } from './limits/limits.js'
export { DEFAULT_LOAD_LIMITS, type LoadLimits } from './limits/load.js'
export type { PersistedOperations } from './persisted-operations.js'
export { gatewaySchema } from './schema.js'
export { ConfigError, readConfig, type Config } from './config.js'
export { connectVendors, type Connection } from './connect.js'
export { connectCortex } from './vendors/cortex/index.js'
export type { CortexSettings } from './vendors/cortex/settings.js'
export { connectKodexa } from './vendors/kodexa/index.js'
export type { KodexaSettings } from './vendors/kodexa/settings.js'
export {
  BadInputError,
  DocketError,
  ForbiddenError,
  InternalError,
  JobNotCancellableError,
  OverloadedError,
  JobNotFoundError,
  UnauthenticatedError,
  VendorError,
  type ErrorCode,
  type JobError,
} from './job/errors.js'
export { serve, type Server, type ServerOptions } from './server.js'
export { silentLog, type Log } from './job/log.js'
export type { ReadableHeaders } from './job/readable-headers.js'
export { Secret } from './job/secret.js'
export { openSharing, type Sharing, type SharingOptions } from './reads/sharing.js'
export type { ConnectOptions } from './vendors/module.js'
export type { Vendor, VendorMode } from './job/vendor.js'
export type { VendorName } from './job/vendor-name.js'
export { connectPeers } from './watch/redis-peers.js'
export type { Peers } from './watch/peers.js'
