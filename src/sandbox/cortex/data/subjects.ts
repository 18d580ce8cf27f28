import type { Random } from '../../random.js'

/** What a record or a run is about: one document and the facts known of it. */
export interface Subject {
  readonly title: string
  readonly kind: 'INVOICE' | 'LOAN_PACKAGE'
  /** What the rules and runs get as their input. */
  readonly input: {
    readonly document: {
      readonly file_id: string
      readonly file_filename: string
      readonly file_mimetype: string
      readonly pages: number
    }
    readonly facts: Readonly<Record<string, string | number>>
  }
}

const VENDORS = [
  'Halvorsen Marine',
  'Bright & Sons Plumbing',
  'Novak Paper',
  'Cedar Hill Catering',
  'Atlas Crane Hire',
  'Okafor Textiles',
  'Polar Freight',
  'Quince Studio',
] as const
const BORROWERS = [
  'Maria Delgado',
  'Samuel Whitfield',
  'Aiko Tanabe',
  'Grace Mbeki',
  'Lukas Brandt',
  'Noor Haddad',
  'Owen Fitzgerald',
  'Elena Petrova',
] as const
const STREETS = ['Alder Court', 'Juniper Lane', 'Mill Road', 'Harbour View', 'Old Quarry Drive'] as const

/** Returns an invoice with the given number. */
export function invoiceSubject(random: Random, number: number): Subject {
  const vendor = random.pick(VENDORS)
  const net = random.between(4_000, 900_000) / 100
  const tax = Math.round(net * 19) / 100
  const document = pdf(random, `invoice-${number}`, 1, 6)
  const currency = random.pick(['EUR', 'USD', 'NOK'])
  const gross = Math.round((net + tax) * 100) / 100
  return {
    title: `Invoice ${number} – ${vendor}`,
    kind: 'INVOICE',
    input: { document, facts: { invoice_number: String(number), vendor, currency, net, tax, gross } },
  }
}

/** Returns a mortgage application with the given running number. */
export function loanSubject(random: Random, number: number): Subject {
  const borrower = random.pick(BORROWERS)
  const loanNumber = `24-${String(number).padStart(4, '0')}`
  return {
    title: `Loan ${loanNumber} – ${borrower}`,
    kind: 'LOAN_PACKAGE',
    input: {
      document: pdf(random, `loan-package-${loanNumber}`, 40, 180),
      facts: {
        loan_number: loanNumber,
        borrower,
        property: `${random.between(2, 480)} ${random.pick(STREETS)}`,
        amount: random.between(90, 780) * 1000,
        monthly_income: random.between(3_200, 14_500),
      },
    },
  }
}

function pdf(random: Random, name: string, minPages: number, maxPages: number): Subject['input']['document'] {
  return {
    file_id: `file_${random.base62(16)}`,
    file_filename: `${name}.pdf`,
    file_mimetype: 'application/pdf',
    pages: random.between(minPages, maxPages),
  }
}
