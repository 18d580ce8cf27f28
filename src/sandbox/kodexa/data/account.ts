/** The organization that owns all executions of the sandbox. */
export const ORGANIZATION_ID = '00000000-0000-4000-8000-0000000000f1'

/** The body of `GET /api/account/me`. */
export const ACCOUNT = {
  id: '00000000-0000-4000-8000-0000000000f2',
  uuid: '0000000000004000800000000000f002',
  changeSequence: 1,
  email: 'operator@example.com',
  firstName: 'Sandbox',
  lastName: 'Operator',
  activated: true,
}
