/** The names of the selected fields of a job, or of the field at `path`: `selection('rules')`. */
export type Selection = (...path: readonly string[]) => ReadonlySet<string>
