/** What a record or a run is about: one document and what is known of it. */
export interface Subject {
  readonly title: string
  readonly document: {
    readonly file_id: string
    readonly file_filename: string
    readonly file_mimetype: string
    readonly pages: number
  }
  readonly kind: 'INVOICE' | 'LOAN_PACKAGE'
  readonly facts: Readonly<Record<string, string | number>>
}

/** Takes a subject; gives the input that the rules and runs about it get. */
export function inputOf({ document, facts }: Subject): Record<string, unknown> {
  return { document, facts }
}
