/**
 * Each vendor folder adds its session type by declaration merging: `CORTEX: CortexSession`. The compiler knows the names
 * everywhere, while only `src/vendors` knows which vendors exist.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the vendor folders
export interface SessionByVendor {}

export type VendorName = keyof SessionByVendor
