import type { Random } from '../../random.js'
import type { Subject } from './subject.js'

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

/** Takes an invoice number; gives an invoice with that number. */
export function invoiceSubject(random: Random, number: number): Subject {
  const vendor = random.pick(VENDORS)
  const net = random.between(4_000, 900_000) / 100
  const tax = Math.round(net * 19) / 100
  return {
    title: `Invoice ${number} – ${vendor}`,
    kind: 'INVOICE',
    document: {
      file_id: `file_${random.base62(16)}`,
      file_filename: `invoice-${number}.pdf`,
      file_mimetype: 'application/pdf',
      pages: random.between(1, 6),
    },
    facts: {
      invoice_number: String(number),
      vendor,
      currency: random.pick(['EUR', 'USD', 'NOK']),
      net,
      tax,
      gross: Math.round((net + tax) * 100) / 100,
    },
  }
}
