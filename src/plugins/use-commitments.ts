import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphContext } from '../graph/builder.js'

/**
 * Has each mutation finished before the gateway closes, although its caller may have left. All of it, because its
 * fields come one after the other: between two of them no cancel is under way.
 */
export function useCommitments(): Plugin<GraphContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (!isMutation(args)) return
      const { commitments } = args.contextValue
      setExecuteFn((args) => commitments.add(Promise.resolve(executeFn(args))))
    },
  }
}

function isMutation({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION
}
