import { GraphQLError, type ASTNode } from 'graphql'

/** The error for an operation beyond a limit. `spec` lets Yoga choose the status that GraphQL over HTTP asks for. */
export function limitError(message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, {
    ...(node && { nodes: node }),
    extensions: { code: 'BAD_INPUT', http: { spec: true, status: 400 } },
  })
}
