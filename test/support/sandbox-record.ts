/** The path of a record of the sandbox. */
export const FULL_RECORD = '/apps/c/collections/col_invoices/records/rec_completed'

/** The argument that finds it. */
export const RECORD_REF = '{ ref: { collectionId: "col_invoices", recordId: "rec_completed" } }'
