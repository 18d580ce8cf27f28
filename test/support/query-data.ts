import { expect } from 'vitest'
import type { QueryOptions } from './gateway.js'
import type { TestGateway } from './gateway.js'

/** The data of a query, after checking that there are no errors. */
export async function queryData(
  gateway: Pick<TestGateway, 'query'>,
  source: string,
  variables: object = {},
  options: QueryOptions = {},
) {
  const { data, errors } = await gateway.query(source, variables, options)
  expect(errors).toEqual([])
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- its shape depends on the query
  return data
}
