import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphContext } from '../../graph/builder.js'

/**
 * Has each mutation finished before the gateway closes, although its caller may have left. All of it, because its
 * fields come one after the other: between two of them no cancel is under way.
 */
export function useMutationCompletion(): Plugin<GraphContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (!isMutation(args)) return
      const { pendingMutations } = args.contextValue
      setExecuteFn((args) => pendingMutations.track(Promise.resolve(executeFn(args))))
    },
  }
}

function isMutation({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION
}
