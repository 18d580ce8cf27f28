import { builder } from './builder.js'

/** An enum whose values are the words themselves, each with its description. */
export function stringEnum<Word extends string>(
  name: string,
  description: string,
  words: Readonly<Record<Word, string>>,
) {
  const values = Object.fromEntries(
    Object.entries<string>(words).map(([word, about]) => [word, { value: word as Word, description: about }]),
  ) as { [W in Word]: { value: W; description: string } }
  return builder.enumType(name, { description, values })
}
