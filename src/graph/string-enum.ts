import { builder } from './builder.js'

/** An enum whose values have their names as internal values. `descriptions` maps each value to its description. */
export function stringEnum<Value extends string>(
  name: string,
  description: string,
  descriptions: Readonly<Record<Value, string>>,
) {
  const values = Object.fromEntries(
    Object.entries<string>(descriptions).map(([value, text]) => [value, { value: value as Value, description: text }]),
  ) as { [V in Value]: { value: V; description: string } }
  return builder.enumType(name, { description, values })
}
