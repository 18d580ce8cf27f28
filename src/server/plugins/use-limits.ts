import type { Plugin } from 'graphql-yoga'
import { findViolation } from '../limits/violation.js'
import type { Limits } from '../limits/limits.js'
import { parseWithTokenLimit } from '../limits/parse.js'
import { createSizeRule } from '../limits/size-rule.js'

/** Rejects operations that are too large or would cost too much, before execution, over HTTP and WebSocket. */
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
      const violation = findViolation(args, limits)
      if (violation) setResultAndStopExecution({ errors: [violation] })
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const violation = findViolation(args, limits)
      if (violation) setResultAndStopExecution({ errors: [violation] })
    },
  }
}
