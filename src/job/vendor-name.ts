/**
 * Each vendor folder adds its line here by declaration merging: `CORTEX: CortexSession`. So the names are known
 * to the compiler everywhere while only `src/vendors` knows which vendors exist.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the vendor folders
export interface SessionByVendor {}

export type VendorName = keyof SessionByVendor
