import { GraphQLError, type ASTNode } from 'graphql'

/** The error for an operation that is beyond a limit; `spec` lets the status be what GraphQL over HTTP has for such. */
export function limitError(message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, {
    ...(node && { nodes: node }),
    extensions: { code: 'BAD_INPUT', http: { spec: true, status: 400 } },
  })
}
