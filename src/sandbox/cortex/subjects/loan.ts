import type { Random } from '../../random.js'
import type { Subject } from './subject.js'

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

/** Takes a running number; gives a mortgage application with it. */
export function loanSubject(random: Random, number: number): Subject {
  const borrower = random.pick(BORROWERS)
  const loanNumber = `24-${String(number).padStart(4, '0')}`
  return {
    title: `Loan ${loanNumber} – ${borrower}`,
    kind: 'LOAN_PACKAGE',
    document: {
      file_id: `file_${random.base62(16)}`,
      file_filename: `loan-package-${loanNumber}.pdf`,
      file_mimetype: 'application/pdf',
      pages: random.between(40, 180),
    },
    facts: {
      loan_number: loanNumber,
      borrower,
      property: `${random.between(2, 480)} ${random.pick(STREETS)}`,
      amount: random.between(90, 780) * 1000,
      monthly_income: random.between(3_200, 14_500),
    },
  }
}
