/** The names of the fields that are wanted of a job; below the fields named, when some are: `selection('rules')`. */
export type Selection = (...path: readonly string[]) => ReadonlySet<string>
