/** The path of a request line, and its query parameters in sorted order. */
export function parseRequest(line: string): {
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
} {
  const [method, target] = line.split(' ')
  const { pathname, searchParams } = new URL(target!, 'http://vendor.test')
  return {
    path: `${method} ${pathname}`,
    query: [...searchParams].sort(([a, x], [b, y]) => (`${a} ${x}` < `${b} ${y}` ? -1 : 1)),
  }
}

/** One query parameter of a request line. */
export const queryParam = (line: string, name: string) =>
  new URL(line.split(' ')[1]!, 'http://vendor.test').searchParams.get(name)
