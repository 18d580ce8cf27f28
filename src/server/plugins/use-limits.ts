import type { Plugin } from 'graphql-yoga'
import { findViolation } from '../limits/violation.js'
import type { Limits } from '../limits/limits.js'
import { parseWithTokenLimit } from '../limits/parse.js'
import { createSizeRule } from '../limits/size-rule.js'

/** Refuses operations that are too large, or would come to too much, before they begin; whichever way they came. */
export function useLimits(limits: Limits): Plugin {
  const parse = parseWithTokenLimit(limits.tokens)
  const sizeRule = createSizeRule(limits)
  return {
    onParse({ setParseFn }) {
      setParseFn(parse)
    },
    onValidate({ addValidationRule }) {
      addValidationRule(sizeRule)
    },
    onExecute({ args, setResultAndStopExecution }) {
      const excess = findViolation(args, limits)
      if (excess) setResultAndStopExecution({ errors: [excess] })
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const excess = findViolation(args, limits)
      if (excess) setResultAndStopExecution({ errors: [excess] })
    },
  }
}
