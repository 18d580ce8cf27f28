import { getOperationAST, OperationTypeNode, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { GraphContext } from '../../graph/builder.js'

/**
 * Makes the gateway finish each mutation before it closes, even if the client has disconnected. It tracks the whole
 * mutation, because fields run one after another and no cancel is in flight between two of them.
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
